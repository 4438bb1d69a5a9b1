// Text by the graph of one step. This takes ONNX Runtime alone, and nothing of RnnLm.
using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace OnnxRuntime;

internal static class StepWriter
{
    public static string Write(
        InferenceSession step, string prompt, int maxLength, double temperature, Random random, long condition = -1)
    {
        Dictionary<string, string> model = step.ModelMetadata.CustomMetadataMap;
        Rune[] characters = [.. model["rnnlm.characters"].EnumerateRunes()];
        int first = int.Parse(model["rnnlm.first_character_id"]), end = int.Parse(model.GetValueOrDefault("rnnlm.end_id", "-1"));
        IEnumerable<int> Tokens(string key) => JsonSerializer.Deserialize<int[]>(model[key])!;
        int Id(Rune character) => Array.IndexOf(characters, character) is >= 0 and int index ? first + index
            : model["rnnlm.unknown_characters"] != "throw" ? int.Parse(model.GetValueOrDefault("rnnlm.unknown_id", "-1"))
            : throw new ArgumentException($"The model does not know '{character}'.");
        if (!characters.Contains(new Rune('\r')))
            prompt = prompt.Replace("\r\n", "\n").Replace('\r', '\n');
        int[] read = [.. prompt.EnumerateRunes().Select(Id).Where(id => id >= 0)];
        Queue<int> unread = new([.. Tokens("rnnlm.before_prompt"),
            .. read.Length > 0 ? read : Tokens("rnnlm.in_place_of_prompt"), .. Tokens("rnnlm.after_prompt")]);

        // The states before the first token are zeros: layers, texts, units.
        OrtValue[] states = [.. step.InputNames.Where(name => name is "hidden" or "cell")
            .Select(name => step.InputMetadata[name].Dimensions)
            .Select(shape => OrtValue.CreateTensorValueFromMemory(new float[shape[0] * shape[2]], [shape[0], 1, shape[2]]))];
        using var conditions = OrtValue.CreateTensorValueFromMemory<long>([condition], [1, 1]);
        var text = new StringBuilder();
        using var options = new RunOptions();
        for (int written = 0, steps = 0; written < maxLength; steps++)
        {
            using var ids = OrtValue.CreateTensorValueFromMemory<long>([unread.Dequeue()], [1, 1]);
            using var begins = OrtValue.CreateTensorValueFromMemory<bool>([steps == 0], [1, 1]);
            IReadOnlyList<OrtValue> made = step.Run(options, step.InputNames, [.. step.InputNames.Select(name => name switch
                { "ids" => ids, "hidden" => states[0], "cell" => states[1], "begins" => begins, _ => conditions })], step.OutputNames);
            foreach (OrtValue state in states)
                state.Dispose();
            states = [.. made.Skip(1)];
            using OrtValue output = made[0];
            if (unread.Count > 0)
                continue;
        float[] logits = output.GetTensorDataAsSpan<float>().ToArray();
            // The Gumbel trick: the largest of the logits with noise is a draw; without noise, the likeliest.
            int next = Enumerable.Range(0, logits.Length).Where(id => id >= first || id == end)
                .MaxBy(id => logits[id] - (temperature * Math.Log(-Math.Log(random.NextDouble()))));
            if (next == end)
                break;
            text.Append(characters[next - first]);
            unread.Enqueue(next);
            written++;
        }

        return text.ToString();
    }
}
