namespace RnnLm.PyTorch;

/// <summary>What a pickle of tensors may name: types of storages, and functions, of which each makes a value of ours.</summary>
internal abstract record TorchGlobal
{
    private static readonly Dictionary<string, TorchGlobal> All = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = new Function(arguments => arguments is [] or [List<object?> { Count: 0 }] ? new PickleDictionary()
            : throw new FormatException("its pickle fills an OrderedDict in a way that is not known")),
        ["torch._utils._rebuild_tensor_v2"] = new Function(TorchTensor.Of),
        ["torch._utils._rebuild_parameter"] = new Function(arguments => arguments is [TorchTensor tensor, ..] ? tensor
            : throw new FormatException("its pickle makes a parameter of what is no tensor")),
        ["torch.FloatStorage"] = new TorchType("FloatStorage", 4),
        ["torch.DoubleStorage"] = new TorchType("DoubleStorage", 8),
        ["torch.HalfStorage"] = new TorchType("HalfStorage", 2),
        ["torch.BFloat16Storage"] = new TorchType("BFloat16Storage", 2),
        // Counters of training may stand beside weights.
        ["torch.LongStorage"] = new TorchType("LongStorage", 8),
        ["torch.IntStorage"] = new TorchType("IntStorage", 4),
        ["torch.ShortStorage"] = new TorchType("ShortStorage", 2),
        ["torch.CharStorage"] = new TorchType("CharStorage", 1),
        ["torch.ByteStorage"] = new TorchType("ByteStorage", 1),
        ["torch.BoolStorage"] = new TorchType("BoolStorage", 1),
    };

    /// <summary>Returns what stands for a name, or null where it is not one of those that tensors need.</summary>
    public static TorchGlobal? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Returns what calling it with arguments stands for.</summary>
    public virtual object Make(object?[] arguments) => throw new FormatException("its pickle calls what can't be called");

    private sealed record Function(Func<object?[], object> Of) : TorchGlobal
    {
        public override object Make(object?[] arguments) => Of(arguments);
    }
}
