using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using RnnLm.Onnx.Messages;
using DataType = RnnLm.Onnx.Messages.TensorProto.Types.DataType;

namespace RnnLm.Onnx.Graphs;

/// <summary>Puts a graph together, operator by operator; each has the name and the meaning that ONNX gives it.</summary>
/// <param name="name">The graph's name.</param>
internal sealed class GraphBuilder(string name)
{
    private readonly GraphProto _graph = new() { Name = name };

    /// <summary>Gets the graph.</summary>
    public GraphProto Graph => _graph;

    // ---- Inputs, outputs and constants ----

    public Value Input(string name, DataType type, string description, params Dimension[] shape)
    {
        _graph.Input.Add(Describe(name, type, description, shape));
        return new Value(name);
    }

    public void Output(string name, Value value, DataType type, string description, params Dimension[] shape)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Name = $"output_{name}", Input = { value.Name }, Output = { name } });
        _graph.Output.Add(Describe(name, type, description, shape));
    }

    /// <summary>Says what a node makes whose operator not every reader knows.</summary>
    public void Declare(Value value, DataType type, params Dimension[] shape) =>
        _graph.ValueInfo.Add(Describe(value.Name, type, "", shape));

    public Value Floats(string name, float[] values, params long[] shape)
    {
        byte[] bytes = new byte[(long)values.Length * sizeof(float)];
        Span<int> bits = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        MemoryMarshal.Cast<float, int>(values.AsSpan()).CopyTo(bits);
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(bits, bits);
        return Constant(name, DataType.Float, bytes, shape);
    }

    /// <summary>Adds a constant without dimensions.</summary>
    public Value Float(float value) => Floats(NewName("constant"), [value]);

    /// <summary>Adds a constant of one dimension.</summary>
    public Value Longs(params long[] values) => Longs(values, values.Length);

    /// <summary>Adds a constant without dimensions.</summary>
    public Value Long(long value) => Longs([value], []);

    public Value Longs(long[] values, params long[] shape)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return Constant(NewName("constant"), DataType.Int64, bytes, shape);
    }

    /// <summary>Adds a constant of one dimension.</summary>
    public Value Bools(params bool[] values) =>
        Constant(NewName("constant"), DataType.Bool, [.. values.Select(value => value ? (byte)1 : (byte)0)], values.Length);

    /// <summary>Adds a constant of one dimension.</summary>
    public Value Strings(string name, IEnumerable<string> values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.String };
        tensor.StringData.AddRange(values.Select(ByteString.CopyFromUtf8));
        tensor.Dims.Add(tensor.StringData.Count);
        _graph.Initializer.Add(tensor);
        return new Value(name);
    }

    // ---- Operators ----

    public Value Node(string type, Value[] inputs, params AttributeProto[] attributes) => Nodes(type, 1, inputs, attributes)[0];

    public Value Node(string type, string domain, Value[] inputs, params AttributeProto[] attributes) =>
        Nodes(type, 1, inputs, attributes, domain)[0];

    /// <summary>Adds a node of several outputs.</summary>
    public Value[] Nodes(string type, int outputs, Value[] inputs, AttributeProto[] attributes, string domain = "")
    {
        string made = NewName(type);
        var node = new NodeProto { OpType = type, Name = made, Domain = domain };
        node.Input.AddRange(inputs.Select(input => input.Name));
        Value[] values = [.. Enumerable.Range(0, outputs).Select(i => new Value(i == 0 ? made : $"{made}_{i}"))];
        node.Output.AddRange(values.Select(value => value.Name));
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return values;
    }

    public Value Cast(Value value, DataType to) => Node("Cast", [value], NodeAttribute.Of("to", (long)to));

    public Value Concat(int axis, params Value[] values) =>
        values.Length == 1 ? values[0] : Node("Concat", values, NodeAttribute.Of("axis", axis));

    public Value Expand(Value value, Value shape) => Node("Expand", [value, shape]);

    public Value Gather(Value data, Value indices, int axis = 0) => Node("Gather", [data, indices], NodeAttribute.Of("axis", axis));

    public Value GatherElements(Value data, Value indices, int axis) =>
        Node("GatherElements", [data, indices], NodeAttribute.Of("axis", axis));

    /// <summary>Returns one of the lengths of a value. // [1]</summary>
    public Value Length(Value value, int axis) =>
        Node("Shape", [value], NodeAttribute.Of("start", axis), NodeAttribute.Of("end", axis + 1));

    /// <summary>Returns 0, 1, … below a length. // [length]</summary>
    public Value Range(Value length) => Node("Range", [Long(0), Squeeze(length, 0), Long(1)]);

    public Value Reshape(Value value, params long[] shape) => Node("Reshape", [value, Longs(shape)]);

    public Value Slice(Value value, int axis, Value start, Value end) => Node("Slice", [value, start, end, Longs(axis)]);

    public Value Squeeze(Value value, params long[] axes) => Node("Squeeze", [value, Longs(axes)]);

    public Value Sum(Value value, int axis, bool keepDimension = false) =>
        Node("ReduceSum", [value, Longs(axis)], NodeAttribute.Of("keepdims", keepDimension ? 1 : 0));

    public Value Transpose(Value value, params long[] order) => Node("Transpose", [value], NodeAttribute.Of("perm", order));

    public Value Unsqueeze(Value value, params long[] axes) => Node("Unsqueeze", [value, Longs(axes)]);

    public Value Where(Value condition, Value then, Value otherwise) => Node("Where", [condition, then, otherwise]);

    public Value And(Value left, Value right) => Node("And", [left, right]);

    public Value Not(Value value) => Node("Not", [value]);

    public Value Equal(Value left, Value right) => Node("Equal", [left, right]);

    public Value Less(Value left, Value right) => Node("Less", [left, right]);

    public Value Max(Value left, Value right) => Node("Max", [left, right]);

    private Value Constant(string name, DataType type, byte[] bytes, params long[] shape)
    {
        _graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { shape },
            RawData = UnsafeByteOperations.UnsafeWrap(bytes),
        });
        return new Value(name);
    }

    private string NewName(string of) => $"{of}_{_graph.Node.Count + _graph.Initializer.Count}";

    private static ValueInfoProto Describe(string name, DataType type, string description, Dimension[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (Dimension dimension in shape)
        {
            dimensions.Dim.Add(dimension.Name is { } named
                ? new TensorShapeProto.Types.Dimension { DimParam = named }
                : new TensorShapeProto.Types.Dimension { DimValue = dimension.Length });
        }

        return new ValueInfoProto
        {
            Name = name,
            DocString = description,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
