using System.CommandLine;
using RnnLm.Cli.Commands;
using RnnLm.Cli.Options;

namespace RnnLm.Cli;

/// <summary>Writes the help of a command, with its options in groups, in the width that there is.</summary>
internal sealed class Help(TextWriter output, int width)
{
    private const int Indent = 2, LeastColumn = 24, MostColumn = 34;

    public void Write(Command command)
    {
        Wrap($"{Path(command)}: {command.Description}", 0);
        output.WriteLine();
        string arguments = string.Concat(command.Arguments.Select(a => " " + Show(a)));
        Wrap($"Usage: {Path(command)}{(command.Subcommands.Count > 0 ? " COMMAND" : "")}{arguments} [options]", 0);
        if (command is CliCommand { Examples.Count: > 0 } cli)
        {
            Head("Examples");
            foreach (string example in cli.Examples)
                Wrap(example, Indent);
        }

        var tables = new List<(string Heading, (string Term, string? Text)[] Rows)>
        {
            ("Commands", [.. command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description))]),
            ("Arguments", [.. command.Arguments.Select(a => (Show(a), a.Description))]),
        };
        OptionGroup[] groups = [.. (command as CliCommand)?.Groups ?? []];
        IEnumerable<Option> inherited = command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive));
        tables.Add(("Options", [.. command.Options.Concat(inherited).Where(o => !o.Hidden && !groups.Any(g => g.Options.Contains(o)))
            .Select(o => (Show(o), o.Description))]));
        tables.AddRange(groups.Select(g => (g.Heading, g.Options.Where(o => !o.Hidden).Select(o => (Show(o), o.Description)).ToArray())));
        int column = Math.Clamp(tables.SelectMany(t => t.Rows).Max(r => r.Term.Length) + Indent + 2, LeastColumn, MostColumn);
        foreach ((string heading, (string Term, string? Text)[] rows) in tables.Where(t => t.Rows.Length > 0))
            Table(heading, rows, column);
    }

    public static string Path(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Select(Path).Append(command is RootCommand ? "rnnlm" : command.Name));

    private static string Show(Argument argument) =>
        argument.Name + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");

    private static string Show(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(a => a.Length == 2 && char.IsLetter(a[1]) && a[0] == '-').Append(option.Name)
            .Concat(option.Aliases.Where(a => a.Length > 2 && a[0] == '-')));
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        if (type == typeof(bool) || type == typeof(void))
            return names;
        string value = option.HelpName ?? (type == typeof(string) || type.IsAssignableTo(typeof(System.Collections.IEnumerable))
            ? "TEXT"
            : type == typeof(double) ? "X" : "N");
        return $"{names} {value}";
    }

    private void Head(string heading)
    {
        output.WriteLine();
        output.WriteLine($"{heading}:");
    }

    private void Table(string heading, (string Term, string? Text)[] rows, int column)
    {
        Head(heading);
        foreach ((string term, string? text) in rows)
        {
            string start = new string(' ', Indent) + term;
            // Beside the term where both have room, else below it.
            bool beside = start.Length + 2 <= column && width >= 2 * column;
            if (!beside)
                Wrap(term, Indent);
            Wrap(text ?? "", width >= 2 * column ? column : 3 * Indent, beside ? start : "");
        }
    }

    private void Wrap(string text, int indent, string start = "")
    {
        string line = start.PadRight(indent);
        bool empty = true;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!empty && line.Length + 1 + word.Length > width)
            {
                output.WriteLine(line);
                line = new string(' ', indent);
                empty = true;
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        output.WriteLine(line.TrimEnd());
    }
}
