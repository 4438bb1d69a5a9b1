using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Text;

namespace RnnLm.Cli.Rows;

/// <summary>Rows that a model is calibrated by. What is wrong with one is said with its file and line, and empty ones are
/// counted.</summary>
/// <param name="source">The rows.</param>
/// <param name="parser">What understands them.</param>
/// <param name="model">The model, which may not know all of their characters.</param>
/// <param name="context">Where it is said how many rows are empty.</param>
internal sealed class CalibrationRows(RowSource source, RowParser parser, RnnLanguageModel model, CommandContext context)
{
    /// <summary>Reads the rows that have text, and then says how many have none, which are left out as in training.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="TextDataException">A row can't be read by the model.</exception>
    public IEnumerable<TextRow> Read(string name)
    {
        long empty = 0;
        foreach (InputRow row in source.Read().Select(parser.Parse))
        {
            if (row.Text.Length == 0 && string.IsNullOrEmpty(row.Target))
            {
                empty++;
                continue;
            }

            Check(row);
            yield return row.ToTextRow();
        }

        if (empty > 0)
        {
            context.Warn($"{(name == TextFile.StandardInput ? InputLines.Name : name)}: {Counted.Of(empty, "empty row")} "
                + $"{(empty == 1 ? "was" : "were")} left out.");
        }
    }

    private void Check(InputRow row)
    {
        CharVocabulary vocabulary = model.Saved.Vocabulary;
        if (vocabulary.UnknownCharacters != UnknownCharacterPolicy.Throw)
            return;
        try
        {
            vocabulary.Encode(row.Text);
            vocabulary.Encode(row.Target ?? "");
        }
        catch (ArgumentException e)
        {
            throw row.Fault(context.Describe(e), e);
        }
    }
}
