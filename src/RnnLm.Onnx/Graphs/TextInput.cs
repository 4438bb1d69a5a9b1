using RnnLm.Onnx.Messages;
using RnnLm.Text;
using DataType = RnnLm.Onnx.Messages.TensorProto.Types.DataType;

namespace RnnLm.Onnx.Graphs;

/// <summary>Adds texts as inputs of a graph, and reads them as the vocabulary does: unknown characters by its policy, and line ends as line
/// feeds where it has no carriage return.</summary>
internal sealed class TextInput
{
    // No character is that long, so that it stands for padding alone.
    private const string Padding = "padding";

    private readonly GraphBuilder _graph;
    private readonly CharVocabulary _vocabulary;
    private readonly bool _areStrings;
    private readonly int? _longest;
    private Value _first;

    /// <param name="graph">The graph.</param>
    /// <param name="vocabulary">The characters that the model knows.</param>
    /// <param name="areStrings">Whether texts come as strings, or as ids.</param>
    /// <param name="longest">The number of characters of a text that are read; null for all.</param>
    public TextInput(GraphBuilder graph, CharVocabulary vocabulary, bool areStrings, int? longest = null) =>
        (_graph, _vocabulary, _areStrings, _longest) = (graph, vocabulary, areStrings, longest);

    /// <summary>Gets the number of texts, N, once there is an input. // [1]</summary>
    public Value Batch => _graph.Length(_first, 0);

    /// <summary>Adds an input.</summary>
    /// <param name="prefix">What its name begins with, where there are several.</param>
    /// <param name="what">What its texts are.</param>
    public TokenColumns Add(string prefix, string what) => _areStrings ? AddStrings(prefix, what) : AddIds(prefix, what);

    private TokenColumns AddStrings(string prefix, string what)
    {
        Value text = _graph.Input(prefix.Length > 0 ? prefix : "text", DataType.String, what, "N", 1);
        if (_first == default)
            _first = text;
        Value characters = _graph.Node("Tokenizer", "com.microsoft", [text], NodeAttribute.Of("mark", 0), NodeAttribute.Of("mincharnum", 1),
            NodeAttribute.Of("pad_value", Padding), NodeAttribute.Of("separators", [""]));
        _graph.Declare(characters, DataType.String, "N", 1, "T");
        return Read(_graph.Squeeze(characters, 1));   // [N, 1, T] to [N, T]
    }

    private TokenColumns AddIds(string prefix, string what)
    {
        string start = prefix.Length > 0 ? $"{prefix}_" : "";
        Value ids = _graph.Input($"{start}ids", DataType.Int64, $"{what}, as ids of characters; after the end of a text anything.", "N",
            "T");
        Value lengths = _graph.Input($"{start}lengths", DataType.Int64, "The number of ids of each.", "N", 1);
        if (_first == default)
            _first = ids;
        Value isRead = _graph.Less(_graph.Unsqueeze(_graph.Range(_graph.Length(ids, 1)), 0), lengths);
        return new(ids, _longest is { } longest ? UpTo(longest, isRead, isRead) : isRead);
    }

    /// <summary>Turns characters into ids. // [N, T]</summary>
    private TokenColumns Read(Value characters)
    {
        // Beside the ids there are codes for what is none: a carriage return, a line feed, other characters, padding.
        int size = _vocabulary.Size, carriageReturn = size, lineFeed = size + 1, unknown = size + 2, padding = size + 3;
        bool joinsLineEnds = !_vocabulary.TryGetId(new('\r'), out _), hasLineFeed = _vocabulary.TryGetId(new('\n'), out int lineFeedId);
        (long Id, bool IsRead) other = _vocabulary.UnknownId is { } id ? (id, true) : (0, false);
        (long Id, bool IsRead) lineEnd = hasLineFeed ? (lineFeedId, true) : other;

        Dictionary<string, long> codes = _vocabulary.Characters.Select((character, i) => (character, i))
            .ToDictionary(c => c.character.ToString(), c => (long)(_vocabulary.SpecialTokens + c.i), StringComparer.Ordinal);
        codes[Padding] = padding;
        if (joinsLineEnds)
        {
            codes["\r"] = carriageReturn;
            codes.TryAdd("\n", lineFeed);
        }

        Value code = Encode(codes, unknown, characters);
        Value ids = _graph.Gather(_graph.Longs([.. Enumerable.Range(0, size), lineEnd.Id, other.Id, other.Id, 0]), code);
        Value isRead =
            _graph.Gather(_graph.Bools([.. Enumerable.Repeat(true, size), lineEnd.IsRead, other.IsRead, other.IsRead, false]), code);
        Value isCharacter = _graph.Not(_graph.Equal(code, _graph.Long(padding)));
        if (joinsLineEnds)
        {
            // The line feed after a carriage return is a part of the same line end.
            Value isFeed = _graph.Equal(code, _graph.Long(hasLineFeed ? lineFeedId : lineFeed));
            Value isReturn = _graph.Equal(Before(code, unknown), _graph.Long(carriageReturn));
            Value isWhole = _graph.Not(_graph.And(isFeed, isReturn));
            (isRead, isCharacter) = (_graph.And(isRead, isWhole), _graph.And(isCharacter, isWhole));
        }

        return new(ids, _longest is { } longest ? UpTo(longest, isCharacter, isRead) : isRead);
    }

    private Value Encode(Dictionary<string, long> codes, long otherwise, Value characters)
    {
        var values = new AttributeProto { Name = "values_int64s", Type = AttributeProto.Types.AttributeType.Ints, Ints = { codes.Values } };
        return _graph.Node("LabelEncoder", "ai.onnx.ml", [characters],
            NodeAttribute.Of("keys_strings", codes.Keys), values, NodeAttribute.Of("default_int64", otherwise));
    }

    /// <summary>Moves all one column to the right.</summary>
    private Value Before(Value values, long first)
    {
        Value column = _graph.Expand(_graph.Longs(first), _graph.Concat(0, Batch, _graph.Longs(1)));
        return _graph.Slice(_graph.Concat(1, column, values), 1, _graph.Longs(0), _graph.Longs(-1));
    }

    /// <summary>Reads no more than so many characters, those counted that are left out later.</summary>
    private Value UpTo(int longest, Value isCharacter, Value isRead)
    {
        Value number = _graph.Node("CumSum", [_graph.Cast(isCharacter, DataType.Int64), _graph.Long(1)]);
        return _graph.And(isRead, _graph.Node("LessOrEqual", [number, _graph.Long(longest)]));
    }
}
