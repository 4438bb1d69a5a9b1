using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Rows;
using RnnLm.Features;

namespace RnnLm.Cli.Tasks;

/// <summary>Turns texts into vectors.</summary>
/// <param name="model">The model, which it disposes of.</param>
/// <param name="lanes">The number of texts side by side.</param>
/// <param name="pooling">How the states after each character become one.</param>
/// <param name="allLayers">Whether all layers count, or the top layer alone.</param>
internal sealed class EmbedTask(RnnLanguageModel model, int lanes, Pooling pooling, bool allLayers) : RowTask<float[]>
{
    /// <summary>The name of the vectors, as a column and as a tensor.</summary>
    public const string Column = "embedding";

    private readonly TextEncoder _encoder = new(model.Loaded.LanguageModel, model.Loaded.Framing, lanes, pooling, allLayers);

    public override IReadOnlyList<string> Columns { get; } = [Column];

    public override IReadOnlyList<string> Conditions => model.Conditions;

    public override bool HasLines => false;

    public override int VectorLength => _encoder.Length;

    public override int MostRows => 256;

    public override void Dispose() => model.Dispose();

    protected override IEnumerable<(InputRow Row, float[] Result)> Answer(IReadOnlyList<InputRow> rows, CancellationToken stop) =>
        rows.Zip(_encoder.Encode(rows.Select(row => new EncodeRequest(row.Text.AsMemory(),
            ConditionNames.Find(model.Conditions, row.Condition))), stop).Select(encoded => encoded.Features));

    protected override void Write(Utf8JsonWriter json, InputRow row, float[] result)
    {
        json.WriteStartArray(Column);
        foreach (float value in result)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    protected override ReadOnlySpan<float> Vector(float[] result) => result;
}
