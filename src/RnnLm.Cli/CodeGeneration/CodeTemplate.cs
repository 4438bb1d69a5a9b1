using System.Text;
using System.Text.RegularExpressions;

namespace RnnLm.Cli.CodeGeneration;

/// <summary>
/// A text with gaps. <c>{{Name}}</c> becomes a value. Lines between <c>#if Name</c>, <c>#elif Name</c>, <c>#else</c> and <c>#endif</c> are
/// kept where the value is there, which is where it is not <see langword="null"/>.
/// </summary>
internal sealed partial class CodeTemplate
{
    private readonly string _name;
    private readonly string[] _lines;

    /// <param name="name">The name of the template, for messages.</param>
    /// <param name="text">The text.</param>
    public CodeTemplate(string name, string text) => (_name, _lines) = (name, text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));

    /// <summary>Reads one of the templates that are part of this program.</summary>
    /// <param name="name">The name of its file in the folder Templates, without <c>.txt</c>.</param>
    public static CodeTemplate Read(string name)
    {
        using Stream stream = typeof(CodeTemplate).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no template '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return new(name, reader.ReadToEnd());
    }

    /// <summary>Fills the gaps. Lines end in a line feed, whatever the template's end in.</summary>
    /// <exception cref="FormatException">A value is not known or not there, or <c>#if</c> and <c>#endif</c> do not pair.</exception>
    public string Fill(IReadOnlyDictionary<string, string?> values)
    {
        var output = new StringBuilder();
        // For each #if that is open: whether the lines of its present branch are kept, and whether a branch was kept already.
        var open = new Stack<(bool Kept, bool Decided)>();
        int number = 0;
        foreach (string line in _lines)
        {
            number++;
            switch (line.Trim().Split(' '))
            {
                case ["#if", var name]:
                    Open(Find(name) is not null, decided: false);
                    break;
                case ["#elif", var name]:
                    Open(Find(name) is not null, Close());
                    break;
                case ["#else"]:
                    Open(true, Close());
                    break;
                case ["#endif"]:
                    Close();
                    break;
                default:
                    bool kept = open.All(branch => branch.Kept);
                    // A wrong name is found in lines that are left out too.
                    string filled = Gap().Replace(line, gap =>
                        Indent(Find(gap.Groups["name"].Value) ?? (kept ? throw Fault($"{gap.Value} has no value") : ""), line));
                    if (kept)
                        output.Append(filled).Append('\n');
                    break;
            }
        }

        return open.Count == 0 ? output.ToString() : throw Fault("an #if has no #endif");

        void Open(bool there, bool decided) => open.Push((there && !decided, there || decided));

        bool Close() => open.TryPop(out (bool Kept, bool Decided) branch) ? branch.Decided : throw Fault("there is no #if before this");

        string? Find(string name) => values.TryGetValue(name, out string? value) ? value : throw Fault($"the name '{name}' is not known");

        FormatException Fault(string problem) => new($"Template {_name}, line {number}: {problem}.");
    }

    /// <summary>Indents the further lines of a value as the line that it stands in.</summary>
    private static string Indent(string value, string line) =>
        value.Replace("\n", "\n" + line[..^line.TrimStart().Length], StringComparison.Ordinal);

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex Gap();
}
