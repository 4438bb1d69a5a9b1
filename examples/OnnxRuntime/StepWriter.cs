// Text by the graph of one step. This takes ONNX Runtime alone, and nothing of RnnLm.
using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace OnnxRuntime;

internal static class StepWriter
{
    public static string Write(InferenceSession step, string prompt, int maxLength, double temperature, Random random)
    {
        Dictionary<string, string> model = step.ModelMetadata.CustomMetadataMap;
        Rune[] characters = [.. model["rnnlm.characters"].EnumerateRunes()];
        int first = int.Parse(model["rnnlm.first_character_id"]), end = int.Parse(model.GetValueOrDefault("rnnlm.end_id", "-1"));
        IEnumerable<int> Tokens(string key) => JsonSerializer.Deserialize<int[]>(model[key])!;
        IEnumerable<int> known = prompt.EnumerateRunes().Where(characters.Contains).Select(c => first + Array.IndexOf(characters, c));
        Queue<int> unread = new([.. Tokens("rnnlm.before_prompt"),
            .. prompt.Length > 0 ? known : Tokens("rnnlm.in_place_of_prompt"), .. Tokens("rnnlm.after_prompt")]);

        // The states before the first token are zeros: layers, texts, units.
        OrtValue[] states = [.. step.InputNames.Skip(1).Select(name => step.InputMetadata[name].Dimensions)
            .Select(shape => OrtValue.CreateTensorValueFromMemory(new float[shape[0] * shape[2]], [shape[0], 1, shape[2]]))];
        var text = new StringBuilder();
        using var options = new RunOptions();
        for (int written = 0; written < maxLength;)
        {
            using var ids = OrtValue.CreateTensorValueFromMemory<long>([unread.Dequeue()], [1, 1]);
            IReadOnlyList<OrtValue> made = step.Run(options, step.InputNames, [ids, .. states], step.OutputNames);
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
