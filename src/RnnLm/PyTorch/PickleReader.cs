using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RnnLm.PyTorch;

/// <summary>
/// Reads a pickle of tensors, and runs no code: it knows the opcodes that data need, and calls nothing. Functions that a pickle names are
/// those that make tensors, here values of our own; any other is refused by its name before anything is made of it.
/// </summary>
internal sealed class PickleReader
{
    private const int MaximumLength = 64 << 20;
    private const string Advice = "Do not load it in Python unless you trust its source: torch.load(path, weights_only=False) runs such "
        + "code, weights_only=True does not. Whoever made it can save the weights alone: torch.save(model.state_dict(), path)";

    private static readonly object Mark = new();

    private static readonly Dictionary<byte, string> Refused = new()
    {
        [(byte)'i'] = "INST", [(byte)'o'] = "OBJ", [(byte)'P'] = "PERSID", [0x81] = "NEWOBJ", [0x92] = "NEWOBJ_EX", [0x82] = "EXT1",
        [0x83] = "EXT2", [0x84] = "EXT4",
    };

    private readonly Stream _stream;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<int, object?> _memo = [];
    private long _position, _at;
    private string _opcode = "";

    private PickleReader(Stream stream) => _stream = stream;

    /// <summary>Reads one pickle from where a stream stands.</summary>
    /// <returns>
    /// The value: null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>, an
    /// array for a tuple, a list, a <see cref="PickleDictionary"/>, a <see cref="TorchStorage"/> or a <see cref="TorchTensor"/>.
    /// </returns>
    /// <exception cref="FormatException">It is damaged, or asks for more than data; the message names the opcode and what it asks
    /// for.</exception>
    public static object? Read(Stream stream)
    {
        var reader = new PickleReader(stream);
        try
        {
            return reader.Read();
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException($"its pickle is cut short at byte {reader._position}", e);
        }
        catch (InvalidCastException e)
        {
            throw new FormatException($"its pickle is damaged: at byte {reader._at}, {reader._opcode} finds another kind of value than it "
                + "takes", e);
        }
        catch (ArgumentException e) when (e is not ArgumentNullException)
        {
            throw new FormatException($"its pickle is damaged: at byte {reader._at}, {reader._opcode} finds fewer values than it takes", e);
        }
    }

    private object? Read()
    {
        while (true)
        {
            _at = _position;
            byte code = Byte();
            _opcode = code is > 32 and < 127 ? $"opcode '{(char)code}'" : $"opcode 0x{code:x2}";
            switch (code)
            {
                case (byte)'.': return Pop();
                case 0x80: Byte(); break;
                case 0x95: Bytes(8); break;
                case (byte)'(': Push(Mark); break;
                case (byte)'0': Pop(); break;
                case (byte)'1': PopToMark(); break;
                case (byte)'N': Push(null); break;
                case 0x88: Push(true); break;
                case 0x89: Push(false); break;
                case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
                case (byte)'K': Push((long)Byte()); break;
                case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
                case 0x8a: PushInteger(new BigInteger(Bytes(Byte()))); break;
                case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
                case (byte)'X': Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
                case 0x8c: Push(Text(Byte())); break;
                case 0x8d: Push(Text(BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8)))); break;
                case (byte)')': Push(Array.Empty<object?>()); break;
                case (byte)'t': Push(PopToMark()); break;
                case 0x85: Push(Take(1)); break;
                case 0x86: Push(Take(2)); break;
                case 0x87: Push(Take(3)); break;
                case (byte)']': Push(new List<object?>()); break;
                case (byte)'a': Append(Take(1)); break;
                case (byte)'e': Append(PopToMark()); break;
                case (byte)'}': Push(new PickleDictionary()); break;
                case (byte)'s': SetItems(Take(2)); break;
                case (byte)'u': SetItems(PopToMark()); break;
                case (byte)'q': _memo[Byte()] = Peek(); break;
                case (byte)'r': _memo[BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))] = Peek(); break;
                case 0x94: _memo[_memo.Count] = Peek(); break;
                case (byte)'h': Push(Remembered(Byte())); break;
                case (byte)'j': Push(Remembered(BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)))); break;
                case (byte)'c': Push(Global(Line(), Line())); break;
                case 0x93: object?[] names = Take(2); Push(Global((string)names[0]!, (string)names[1]!)); break;
                case (byte)'Q': Push(TorchStorage.Of((object?[])Pop()!)); break;
                case (byte)'R': object?[] call = Take(2); Push(((TorchGlobal)call[0]!).Make((object?[])call[1]!)); break;
                // What PyTorch hangs on a state_dict, its _metadata, is of no use here.
                case (byte)'b' when Pop() is PickleDictionary or null && Peek() is PickleDictionary: break;
                case (byte)'b': throw Fault("BUILD sets what an object holds");
                default:
                    throw Fault(Refused.TryGetValue(code, out string? name) ? $"{name} makes an object" : $"{_opcode} is not known");
            }
        }
    }

    private TorchGlobal Global(string module, string name)
    {
        string full = $"{module}.{name}";
        return TorchGlobal.Find(full) ?? throw Fault($"GLOBAL names '{Shorten(full)}'");
    }

    private FormatException Fault(string what) => new($"its pickle holds more than tensors: at byte {_at}, {what}, which is refused, as it "
        + $"could run code. {Advice}");

    private void PushInteger(BigInteger value) => Push(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > 0 ? _stack[^1] : throw new ArgumentException("The stack is empty.");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value == Mark ? throw new InvalidCastException() : value;
    }

    private object?[] Take(int count)
    {
        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return Array.IndexOf(values, Mark) < 0 ? values : throw new InvalidCastException();
    }

    private object?[] PopToMark()
    {
        object?[] values = Take(_stack.Count - 1 - _stack.LastIndexOf(Mark));
        _stack.RemoveAt(_stack.Count - 1);
        return values;
    }

    private void Append(object?[] values) => ((List<object?>)Peek()!).AddRange(values);

    private void SetItems(object?[] pairs)
    {
        var dictionary = (PickleDictionary)Peek()!;
        for (int i = 0; i < pairs.Length; i += 2)
            dictionary.Set(pairs[i], pairs[i + 1]);
    }

    private object? Remembered(int key) =>
        _memo.TryGetValue(key, out object? value) ? value : throw new ArgumentException("Nothing is remembered there.");

    private byte Byte() => Bytes(1)[0];

    private byte[] Bytes(ulong count)
    {
        if (count > MaximumLength || (_position += (long)count) > MaximumLength)
            throw new FormatException($"its pickle is longer than the {MaximumLength} bytes that are read");
        byte[] bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private string Text(ulong length) => Encoding.UTF8.GetString(Bytes(length));

    private string Line()
    {
        var line = new StringBuilder();
        for (byte next; (next = Byte()) != '\n';)
            line.Append((char)next);
        return line.ToString();
    }

    private static string Shorten(string text) =>
        string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 80 ? "…" : "");
}
