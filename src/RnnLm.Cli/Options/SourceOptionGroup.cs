using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Options;

/// <summary>Where the text is, as options of a command and keys of a configuration.</summary>
internal static class SourceOptionGroup
{
    public static OptionGroup<SourceOptions> Create(bool training)
    {
        var group = new OptionGroup<SourceOptions>("Files");
        if (training)
        {
            group.AddKey(o => o.Files, "text files, tables, or folders with *.txt")
                .AddList(o => o.Validation, "files to watch the loss on, in place of a share of the data", "--validation");
        }

        return group
            .Add(o => o.Encoding,
                "encoding of the files, such as utf-16, latin1 or windows-1252; without it by their byte order mark, else utf-8")
            .Add(o => o.Format, "whether files are text or tables; auto: *.csv are tables with commas, and others with tabs where a column "
                + "is named")
            .Add(o => o.TextColumn, "column of a table with the text (of pairs, the input): its name, or its number from 0")
            .Add(o => o.TargetColumn, "column with the target (pairs)")
            .Add(o => o.ConditionColumn, "column with a condition, such as a category (rows, pairs)")
            .Add(o => o.LabelColumn, "column with the label (--task classify)")
            .Add(o => o.Separator, "character between the fields of a table; without it by the format", read: text => Escapes.Read(text!))
            .AddSwitch(o => o.Header, "the first line of a table names its columns",
                "the first line of a table is a row; columns go by their numbers, from 0")
            .AddSwitch(o => o.Quotes,
                "fields of a table may stand in double quotes, and have separators, line ends and doubled quotes within",
                "double quotes in a table are characters like any other")
            .Add(o => o.Conditions, "each line of a text file begins with a condition and a tab (rows, pairs)");
    }
}
