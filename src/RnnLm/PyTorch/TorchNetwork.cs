using RnnLm.Diagnostics;
using RnnLm.Modeling;

namespace RnnLm.PyTorch;

/// <summary>
/// A network of PyTorch's modules, found in a state_dict by names and shapes: <c>nn.RNN</c>, <c>nn.LSTM</c> or <c>nn.GRU</c> by
/// <c>weight_ih_l0</c>, <c>nn.Embedding</c> as a matrix as wide as the input, <c>nn.Linear</c> as one as wide as the state.
/// </summary>
internal sealed class TorchNetwork
{
    private const string Rnn = "rnn", Embedding = "embedding", Condition = "condition", Output = "output";

    private readonly TorchFile _file;
    private readonly TorchWords _words;
    private readonly Dictionary<string, TorchTensor> _tensors;   // by our names
    private readonly Dictionary<string, string> _theirs = new(StringComparer.Ordinal);

    /// <param name="file">The file.</param>
    /// <param name="modules">What a module of the file stands for, where its name and shape do not tell.</param>
    /// <param name="words">How messages name what can be said of the file.</param>
    /// <param name="tokens">The number of tokens that it should have, where that is known: of several modules, the one of that size is
    /// meant.</param>
    /// <exception cref="FormatException">There is no such network in it, or more than one.</exception>
    public TorchNetwork(TorchFile file, ModuleNames modules, TorchWords words, int? tokens = null)
    {
        (_file, _words) = (file, words);
        modules.Check(file.Tensors.Tensors.Select(tensor => tensor.Key));
        var named = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
        var original = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, TorchTensor tensor) in file.Tensors.Tensors)
        {
            if (modules.Rename(name) is not { } renamed)
                continue;
            if (!named.TryAdd(renamed, tensor))
                throw new FormatException($"its '{original[renamed]}' and '{name}' are mapped to one name, '{renamed}'");
            original.Add(renamed, name);
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        string rnn = FindRecurrent(named);
        names[rnn] = Rnn;
        string[] order = [.. named.Keys];
        int width = named[Join(rnn, StateDict.Recurrent)].Shape[^1], hidden = Hidden(named, rnn);
        int recurrent = Array.IndexOf(order, Join(rnn, StateDict.Recurrent));
        bool IsBefore(string module) => Array.IndexOf(order, Join(module, "weight")) < recurrent;
        bool Fits(TorchTensor tensor) => tokens is null || tensor.Shape[0] == tokens;
        // Where a layer has no bias, the order tells: modules stand as a text goes through them.
        bool HasItsBias(string name, TorchTensor tensor) => tensor.Shape[1] % hidden == 0 && HasBias(named, name);
        bool Follows(string name, TorchTensor tensor) => tensor.Shape[1] == hidden && !IsBefore(name);
        string? output = Find(named, Output, names, (name, tensor) => HasItsBias(name, tensor) && Fits(tensor))
            ?? Find(named, Output, names, (name, tensor) => Follows(name, tensor) && Fits(tensor))
            ?? FindOfAnotherSize(named, names, tokens, (name, tensor) => HasItsBias(name, tensor) || Follows(name, tensor))
            ?? FindOfAnotherShape(named, names, name => HasBias(named, name) && !IsBefore(name));
        if (output is not null)
            names[output] = Output;
        bool MayEmbed(string name, TorchTensor tensor) => tensor.Shape[1] == width && !HasBias(named, name);
        if ((Find(named, Embedding, names, (name, tensor) => MayEmbed(name, tensor) && Fits(tensor))
            ?? Find(named, Embedding, names, MayEmbed)
            ?? FindOfAnotherShape(named, names, name => !HasBias(named, name) && IsBefore(name))) is { } embedding)
            names[embedding] = Embedding;

        _tensors = new(StringComparer.Ordinal);
        foreach ((string name, TorchTensor tensor) in named)
        {
            (string module, string parameter) = Split(name);
            string ours = names.TryGetValue(module, out string? role) ? $"{role}.{parameter}" : name;
            _tensors[ours] = tensor;
            _theirs[ours] = original[name];
        }

        IsTied = Weight(Embedding) is { } e && Weight(Output) is { } o && e.Storage.Key == o.Storage.Key && e.Offset == o.Offset
            && e.Size == o.Size;
    }

    /// <summary>Gets whether embedding and output layer are one matrix.</summary>
    public bool IsTied { get; }

    /// <summary>Returns the network as a language model's.</summary>
    /// <param name="tokens">The number of tokens that it has.</param>
    /// <param name="vocabularySize">The number of ids that it is to have.</param>
    /// <param name="nonlinearity">The activation of a plain recurrent network, which no shape tells; null for tanh.</param>
    /// <exception cref="FormatException">It is no such network.</exception>
    public ModelConfig FindConfig(int tokens, int vocabularySize, Nonlinearity? nonlinearity)
    {
        if (_tensors.ContainsKey("rnn.weight_hr_l0"))
            throw new FormatException("its recurrent layers have projections (proj_size), which this library's do not have");
        if (_tensors.ContainsKey("rnn.weight_ih_l0_reverse"))
            throw new FormatException("it reads in both directions, which a language model does not");
        TorchTensor recurrent = _tensors.TryGetValue("rnn.weight_hh_l0", out TorchTensor? found) && found.Shape is [> 0, > 0] ? found
            : throw new FormatException($"it has no '{_theirs["rnn.weight_ih_l0"].Replace("_ih_", "_hh_", StringComparison.Ordinal)}'");
        int hidden = recurrent.Shape[1], width = _tensors["rnn.weight_ih_l0"].Shape[^1];
        CellType cell = recurrent.Shape[0] == hidden ? CellType.Rnn
            : recurrent.Shape[0] == 4L * hidden ? CellType.Lstm
            : recurrent.Shape[0] == 3L * hidden ? CellType.Gru
            : throw new FormatException($"its recurrent weights '{_theirs["rnn.weight_hh_l0"]}' of shape {recurrent.Size} are those of no "
            + "RNN, "
                + "LSTM or GRU");
        if (nonlinearity is not null && cell != CellType.Rnn)
        {
            throw new FormatException($"it is of {(cell == CellType.Lstm ? "an LSTM" : "a GRU")}, whose activations are fixed. Leave "
                + $"{_words.Nonlinearity} out");
        }

        if (Weight(Embedding) is null && width != tokens)
        {
            throw new FormatException($"it has no embedding of shape [{tokens}, {width}], and its layers do not read {tokens} tokens "
                + "one-hot: "
                + $"the vocabulary is another, or a module has to be named as the embedding: {_words.Map("NAME", Embedding)}. It has "
                + List(_tensors.Keys));
        }

        var config = new ModelConfig
        {
            Cell = cell,
            Nonlinearity = nonlinearity ?? Nonlinearity.Tanh,
            VocabularySize = vocabularySize,
            HiddenSize = hidden,
            Layers = Enumerable.Range(0, 65).TakeWhile(layer => _tensors.ContainsKey($"rnn.weight_ih_l{layer}")).Count(),
            EmbeddingSize = Weight(Embedding) is null ? 0 : width,
            TieWeights = IsTied,
        };
        var faults = new OptionFaults();
        config.Check(faults);
        string fault = faults.Describe(new KeyWords());
        return fault.Length == 0 ? config : throw new FormatException($"it is a network that is not run here: {fault}");
    }

    /// <summary>Reads the weights.</summary>
    /// <param name="config">The network that they are to be of.</param>
    /// <param name="rows">The id that the file has for each id of the vocabulary; null where they are the same.</param>
    /// <param name="tokens">The number of tokens of the file.</param>
    /// <param name="note">Takes what a user should know; null where the file must have all tensors, as those written here do.</param>
    /// <exception cref="FormatException">Names or shapes differ; the message lists all differences.</exception>
    public ModelWeights Read(ModelConfig config, int[]? rows, int tokens, Action<string>? note)
    {
        ModelConfig theirs = config with { VocabularySize = tokens };
        Dictionary<string, int[]> layout = ModelWeights.Layout(theirs).ToDictionary(t => t.Name, t => t.Shape, StringComparer.Ordinal);
        ILookup<string, string> without = Biases(layout);
        // Only bias=False leaves biases out, and it leaves out all of a module's.
        string[] zero = note is null ? [] : [.. without.Where(module => !layout.Keys.Any(name => IsBias(name)
            && Split(name).Module == module.Key && _tensors.ContainsKey(name))).Select(module => module.Key)];
        string[] differences = [.. Differences(layout, config.TieWeights, zero)];
        if (differences.Length > 0)
            throw new FormatException($"its tensors are not those of this model: {string.Join("; ", differences)}");
        foreach (string module in zero)
            note!($"it has no {List(without[module].Select(Theirs))}, as layers with bias=False have none. They are read as zeros.");
        MachineMemory.Current.Require(layout.Values.Sum(shape => shape.Aggregate((double)sizeof(float), (bytes, length) => bytes * length)),
            "the tensors take");

        var weights = new ModelWeights(config);
        foreach (WeightTensor to in weights)
        {
            if (!_tensors.TryGetValue(to.Name, out TorchTensor? from))
                continue;
            if (rows is null || from.Shape.AsSpan().SequenceEqual(to.Shape) && !IsByToken(to.Name, config))
                _file.Read(from, to.Values);
            else
                ReadRows(from, to, rows, config);
            if (!to.IsFinite)
                throw new FormatException($"its '{_theirs[to.Name]}' holds NaN or infinity, so the model can't work");
        }

        return weights;
    }

    private static bool IsByToken(string name, ModelConfig config) => name is "embedding.weight" or "output.weight" or "output.bias"
        || (name == "rnn.weight_ih_l0" && config.EmbeddingSize == 0);

    /// <summary>Reads a tensor whose rows, or of one-hot input columns, are those of tokens.</summary>
    private void ReadRows(TorchTensor from, WeightTensor to, int[] rows, ModelConfig config)
    {
        float[] values = new float[from.Shape.Aggregate(1, (product, length) => product * length)];
        _file.Read(from, values);
        bool columns = to.Name.StartsWith(Rnn, StringComparison.Ordinal);
        int outer = columns ? to.Shape[0] : 1, inner = columns ? 1 : to.Values.Length / config.VocabularySize;
        int had = columns ? from.Shape[1] : from.Shape[0];
        for (int block = 0; block < outer; block++)
        {
            for (int id = 0; id < rows.Length; id++)
                values.AsSpan(((block * had) + rows[id]) * inner, inner).CopyTo(to.Values.AsSpan(((block * rows.Length) + id) * inner));
        }
    }

    /// <summary>Returns the biases that the file does not have, by their modules.</summary>
    private ILookup<string, string> Biases(Dictionary<string, int[]> layout) => layout.Keys
        .Where(name => IsBias(name) && !_tensors.ContainsKey(name))
        .ToLookup(name => Split(name).Module, StringComparer.Ordinal);

    private static bool IsBias(string name) => Split(name).Parameter.StartsWith("bias", StringComparison.Ordinal);

    private IEnumerable<string> Differences(Dictionary<string, int[]> layout, bool tied, string[] zero)
    {
        foreach ((string name, int[] shape) in layout)
        {
            string size = $"[{string.Join(", ", shape)}]";
            if (!_tensors.TryGetValue(name, out TorchTensor? tensor))
            {
                if (!IsBias(name) || !zero.Contains(Split(name).Module))
                    yield return $"'{Theirs(name)}' of shape {size} is missing";
                continue;
            }

            if (!tensor.Shape.AsSpan().SequenceEqual(shape))
                yield return $"'{_theirs[name]}' is of shape {tensor.Size}, not {size}";
            else if (!tensor.Storage.Type.IsFloatingPoint)
                yield return $"'{_theirs[name]}' is of type {tensor.Storage.Type.Name}, which holds no weights";
        }

        foreach (string name in _tensors.Keys.Where(name => !layout.ContainsKey(name) && !(tied && name == "output.weight")))
        {
            string module = Split(_theirs[name]).Module;
            yield return $"'{_theirs[name]}' of shape {_tensors[name].Size} has no place in it"
                + (module.Length > 0 && !layout.Keys.Any(key => Split(key).Module == Split(name).Module)
                    ? $" ({_words.Map(module, "")} leaves it out)" : "");
        }
    }

    /// <summary>Returns the file's name for a tensor of the model; of one that it does not have, by the other tensors of the
    /// module.</summary>
    private string Theirs(string name)
    {
        if (_theirs.TryGetValue(name, out string? theirs))
            return theirs;
        (string module, string parameter) = Split(name);
        string? other = _theirs.Keys.FirstOrDefault(key => Split(key).Module == module);
        return other is null ? name : Join(Split(_theirs[other]).Module, parameter);
    }

    private TorchTensor? Weight(string module) => _tensors.GetValueOrDefault($"{module}.weight");

    private string FindRecurrent(Dictionary<string, TorchTensor> named)
    {
        string[] found = [.. named.Where(tensor => Split(tensor.Key).Parameter == StateDict.Recurrent && tensor.Value.Shape is [> 0, > 0])
            .Select(tensor => Split(tensor.Key).Module)];
        if (found.Contains(Rnn))
            return Rnn;
        return found.Length == 1 ? found[0] : throw new FormatException(found.Length == 0
            ? $"it has no recurrent layers ('…{StateDict.Recurrent}'). It has {List(named.Keys)}"
            : $"it has several recurrent modules: {List(found)}. Name the one, and leave out the others: {_words.Map(found[0], Rnn)}, "
            + $"{_words.Map(found[1], "")}");
    }

    /// <summary>Finds the module for a part: the one of its name, else the one that may be it.</summary>
    private string? Find(
        Dictionary<string, TorchTensor> named, string part, Dictionary<string, string> taken, Func<string, TorchTensor, bool> mayBe)
    {
        if (named.ContainsKey($"{part}.weight"))
            return part;
        string[] found = [.. Matrices(named, taken, mayBe)];
        return found.Length < 2 ? found.FirstOrDefault()
            : throw new FormatException($"several of its modules may be the '{part}': {List(found)}. Name the one, and leave out what the "
                + $"model does not need: {_words.Map(found[0], part)}, {_words.Map(found[1], "")}");
    }

    /// <summary>Finds the output where none has the size, so that its size is the fault.</summary>
    private static string? FindOfAnotherSize(
        Dictionary<string, TorchTensor> named, Dictionary<string, string> taken, int? tokens, Func<string, TorchTensor, bool> mayBe)
    {
        string[] found = [.. Matrices(named, taken, mayBe)];
        return found.Length < 2 ? found.FirstOrDefault()
            : throw new FormatException($"none of its modules that may be the '{Output}' has a row for each of the {tokens} tokens of the "
                + $"vocabulary: {string.Join(", ", found.Select(name => $"'{name}' is {named[Join(name, "weight")].Size}"))}. Give the "
                + "vocabulary that the model was trained with");
    }

    /// <summary>Finds the one module that is left for a part, so that its shape is the fault, and not its name.</summary>
    private static string? FindOfAnotherShape(
        Dictionary<string, TorchTensor> named, Dictionary<string, string> taken, Func<string, bool> mayBe)
    {
        string[] found = [.. Matrices(named, taken, (name, _) => mayBe(name))];
        return found.Length == 1 ? found[0] : null;
    }

    private static IEnumerable<string> Matrices(
        Dictionary<string, TorchTensor> named, Dictionary<string, string> taken, Func<string, TorchTensor, bool> mayBe) =>
        named.Where(tensor => tensor.Value.Shape.Length == 2)
            .Select(tensor => (Name: Split(tensor.Key), Tensor: tensor.Value))
            .Where(tensor => tensor.Name.Parameter == "weight" && !taken.ContainsKey(tensor.Name.Module)
                && tensor.Name.Module is not (Output or Embedding or Condition) && mayBe(tensor.Name.Module, tensor.Tensor))
            .Select(tensor => tensor.Name.Module);

    private static bool HasBias(Dictionary<string, TorchTensor> named, string module) => named.ContainsKey(Join(module, "bias"));

    private static int Hidden(Dictionary<string, TorchTensor> named, string rnn) =>
        named.TryGetValue(Join(rnn, "weight_hh_l0"), out TorchTensor? tensor) && tensor.Shape is [_, > 0 and int hidden]
        ? hidden
        : int.MaxValue;

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Take(20).Select(name => $"'{name}'"))
        + (names.Count() > 20 ? ", …" : "");

    private static string Join(string module, string parameter) => module.Length == 0 ? parameter : $"{module}.{parameter}";

    private static (string Module, string Parameter) Split(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
    }
}
