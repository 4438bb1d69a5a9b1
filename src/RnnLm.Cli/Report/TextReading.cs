using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using RnnLm.Cli.Models;
using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Cli.Report;

/// <summary>Reads a text with a model, and keeps what the model expected and how its units were excited, character by character.</summary>
internal sealed class TextReading
{
    private const int Guessed = 5;

    /// <summary>So many units at most are shown: those that vary the most.</summary>
    private const int MaximumUnits = 1024;

    private readonly RnnLanguageModel _model;
    private readonly List<string> _characters = [];
    private readonly List<IReadOnlyList<CharacterGuess>?> _guesses = [];
    private readonly List<double?> _probabilities = [];
    private readonly List<float[]> _states = [];   // [T][L·S·H]

    private TextReading(RnnLanguageModel model) => _model = model;

    /// <summary>Reads rows, each from the state in which a text begins.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows; those of a running text are one text.</param>
    /// <param name="source">Where the text is from, in words.</param>
    /// <param name="isCut">Whether the last row goes on after what is read of it.</param>
    /// <returns>What came of it; null where nothing of the text is known to the model.</returns>
    public static ReadingData? Read(RnnLanguageModel model, IReadOnlyList<TextRow> rows, string source, bool isCut)
    {
        var reading = new TextReading(model);
        if (model.Mode == DataMode.Stream)
            rows = [TextRow.Row(string.Concat(rows.Select(row => row.Text)))];
        using IInferenceSession session = model.Loaded.LanguageModel.CreateSession(1);
        for (int i = 0; i < rows.Count; i++)
            reading.ReadRow(session, rows[i], readEnd: i + 1 < rows.Count || !isCut);
        return reading._characters.Count == 0 ? null : reading.Summarize(source);
    }

    private void ReadRow(IInferenceSession session, TextRow row, bool readEnd)
    {
        ModelConfig config = _model.Config;
        InitialLaneState.Write(session, 0, config, ConditionNames.Find(_model.Conditions, row.Condition), config.InitialState);
        var reader = row.IsPair ? TokenReader.ForScore(_model.Loaded.Framing, row.Text,
            row.Target) : TokenReader.ForScore(_model.Loaded.Framing, default, row.Text);
        float[] logits = new float[config.VocabularySize];   // [V]
        bool any = false;
        while (reader.MoveNext())
        {
            bool isEnd = reader.Id == _model.Vocabulary.EndId;
            if (isEnd && !readEnd)
                break;
            if (isEnd || reader.IsCharacter)
            {
                _characters.Add(Name(reader.Id));
                // A running text's first character follows on nothing.
                double total = any && reader.IsCounted ? Softmax.LogSumExp(logits) : double.NaN;
                _guesses.Add(double.IsNaN(total) ? null : Guess(logits, total));
                _probabilities.Add(double.IsNaN(total) ? null : Math.Exp(logits[reader.Id] - total));
            }

            session.Step([reader.Id], logits);
            any = true;
            if (!isEnd && !reader.IsCharacter)
                continue;
            float[] state = new float[session.StateSize];
            session.ReadState(0, state);
            _states.Add(state);
        }
    }

    private CharacterGuess[] Guess(float[] logits, double total) =>
        [.. Enumerable.Range(0, logits.Length).Where(id => id == _model.Vocabulary.EndId || !_model.Vocabulary.IsSpecial(id))
        .OrderByDescending(id => logits[id]).Take(Guessed)
            .Select(id => new CharacterGuess(Name(id), Math.Round(Math.Exp(logits[id] - total), 4)))];

    private string Name(int id) =>
        id == _model.Vocabulary.EndId ? "" : _model.Vocabulary.IsSpecial(id) ? "\uFFFD" : _model.Vocabulary.GetCharacter(id).ToString();

    private ReadingData Summarize(string source)
    {
        ModelConfig config = _model.Config;
        var maps = new List<(string Name, List<(UnitFact Unit, float[] Values)> Units)> { ("hidden state h", Units(0, value => value)) };
        // What an LSTM keeps is in its cells; what it lets out of them, in the hidden state.
        if (config.Cell == CellType.Lstm)
            maps.Insert(0, ("cell state tanh(c)", Units(1, MathF.Tanh)));
        return new(source, _characters, _guesses,
            [.. _probabilities.Select(p => p is double value ? double.Parse($"{value:G6}") : (double?)null)],
            [.. maps.Select(map => Pack(map.Name, map.Units))], Follow([.. maps.Select(map => map.Units)]));
    }

    /// <summary>Returns the units whose activation varies the most, with their activations after each character.</summary>
    private List<(UnitFact Unit, float[] Values)> Units(int part, Func<float, float> activation)
    {
        ModelConfig config = _model.Config;
        IEnumerable<(UnitFact Unit, float[] Values)> all =
            from layer in Enumerable.Range(0, config.Layers)
            from unit in Enumerable.Range(0, config.HiddenSize)
            let offset = (((layer * config.StatesPerLayer) + part) * config.HiddenSize) + unit
            let values = _states.Select(state => activation(state[offset])).ToArray()
            select (new UnitFact(layer + 1, unit + 1, Math.Round(TensorPrimitives.StdDev<float>(values), 3)), values);
        return [.. all.OrderByDescending(unit => unit.Unit.Deviation).Take(MaximumUnits)];
    }

    private static ActivationMap Pack(string name, List<(UnitFact Unit, float[] Values)> units)
    {
        // Most activations are from -1 to 1; those of ReLU are not.
        double limit = Math.Max(1, units.Max(unit => Math.Abs(TensorPrimitives.MaxMagnitude<float>(unit.Values))));
        sbyte[] values = [.. units.SelectMany(unit => unit.Values).Select(value => (sbyte)Math.Round(value / limit * sbyte.MaxValue))];
        return new(name, limit, [.. units.Select(unit => unit.Unit)], Convert.ToBase64String(MemoryMarshal.AsBytes<sbyte>(values)));
    }

    /// <summary>Finds for each property of the text the unit that goes with it most closely.</summary>
    private UnitFollower[] Follow(List<(UnitFact Unit, float[] Values)>[] maps)
    {
        const double Least = 0.4;
        var found = new List<UnitFollower>();
        foreach ((string what, float[] values) in TextProperties.Of(_characters))
        {
            Center(values);
            UnitFollower best = (
                from state in Enumerable.Range(0, maps.Length)
                from unit in Enumerable.Range(0, maps[state].Count)
                let correlation = TensorPrimitives.CosineSimilarity<float>(Center([.. maps[state][unit].Values]), values)
                where float.IsFinite(correlation)
                orderby Math.Abs(correlation) descending
                select new UnitFollower(what, state, unit, Math.Round(correlation, 2))).FirstOrDefault(new UnitFollower(what, 0, 0, 0));
            if (Math.Abs(best.Correlation) >= Least)
                found.Add(best);
        }

        return [.. found.OrderByDescending(follower => Math.Abs(follower.Correlation))];
    }

    private static float[] Center(float[] values)
    {
        TensorPrimitives.Subtract(values, TensorPrimitives.Average<float>(values), values);
        return values;
    }
}
