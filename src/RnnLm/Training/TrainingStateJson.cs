using System.Text.Json.Serialization;

namespace RnnLm.Training;

/// <summary>Reads and writes the training loop's state without reflection. A loss may be any number.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(TrainingState))]
internal sealed partial class TrainingStateJson : JsonSerializerContext;
