using System.Text.Json;
using System.Text.Json.Serialization;

namespace RnnLm.Training;

/// <summary>Reads and writes the training loop's state without reflection. A loss may be any number.</summary>
[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class TrainingStateJson : JsonSerializerContext
{
    /// <summary>Gets the reader that takes nothing but what was written: each member, once, of its type.</summary>
    public static TrainingStateJson Strict { get; } = new(new JsonSerializerOptions
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });
}
