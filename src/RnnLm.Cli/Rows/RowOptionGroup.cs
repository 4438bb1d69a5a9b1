using RnnLm.Cli.Options;
using RnnLm.Lanes;

namespace RnnLm.Cli.Rows;

/// <summary>How rows are read and their results written, as options of a command.</summary>
internal static class RowOptionGroup
{
    public static OptionGroup<RowOptions> Create() => new OptionGroup<RowOptions>("Rows")
        .Add(o => o.InputFormat, "how rows are read; auto: *.csv and *.tsv are tables, *.jsonl and *.ndjson lines of JSON, others text")
        .Add(o => o.OutputFormat, "how results are written; auto: by the ending of --output, else as the rows are read")
        .Add(o => o.TextColumn, "column with the text (of pairs, the input): its name, or of a table its number from 0 [text]")
        .Add(o => o.TargetColumn, "column with the target, for a model of pairs [target]")
        .Add(o => o.ConditionColumn, "column with the condition, for a model that has them [condition, where there is one]")
        .Add(o => o.KeyColumn, "column with the key, by which random numbers go; without one they go by the row's number [key, where there "
            + "is one]")
        .Add(o => o.OnError, "what is done with a row that can't be read or answered: the command ends, or the row is left out and counted")
        .Add(o => o.Errors, "file for the rows that --on-error skip leaves out, in lines of JSON")
        .Add(o => o.BatchSize, $"texts that are computed side by side, which changes no result [{LanePool.UsualLanes}]")
        .Add(o => o.Conditions, "each line of text begins with a condition and a tab")
        .Add(o => o.Separator, "character between the fields of a table; without it by the format", read: text => Escapes.Read(text!))
        .AddSwitch(o => o.Header, "the first line of a table names its columns",
            "the first line of a table is a row; columns go by their numbers, from 0")
        .AddSwitch(o => o.Quotes,
            "fields of a table may stand in double quotes, and have separators, line ends and doubled quotes within",
            "double quotes in a table are characters like any other")
        .Add(o => o.Encoding,
            "encoding of the files, such as utf-16, latin1 or windows-1252; without it by their byte order mark, else utf-8");
}
