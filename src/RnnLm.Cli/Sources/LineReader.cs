using System.Text;

namespace RnnLm.Cli.Sources;

/// <summary>Reads lines that end by LF, CRLF or CR. One that is too long to be a row is passed over without being held.</summary>
/// <param name="reader">The text.</param>
internal sealed class LineReader(TextReader reader)
{
    /// <summary>The characters that a line has at most.</summary>
    public const int Longest = 1 << 24;

    private readonly char[] _block = new char[1 << 14];
    private int _at, _end;
    private bool _afterReturn;

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line; null where it is longer than <see cref="Longest"/>.</param>
    /// <returns>Whether there was one.</returns>
    public bool Read(out string? line)
    {
        StringBuilder? begun = null;
        bool isLong = false, any = false;
        line = null;
        while (Fill())
        {
            any = true;
            ReadOnlySpan<char> rest = _block.AsSpan(_at, _end - _at);
            int length = rest.IndexOfAny('\r', '\n');
            ReadOnlySpan<char> piece = length < 0 ? rest : rest[..length];
            if (length >= 0 && begun is null)
                line = piece.ToString();
            else if (isLong || (begun ??= new StringBuilder()).Length + piece.Length > Longest)
                (isLong, begun) = (true, begun!.Clear());
            else
                begun.Append(piece);
            if (length < 0)
            {
                _at = _end;
                continue;
            }

            _afterReturn = rest[length] == '\r';
            _at += length + 1;
            line = isLong ? null : line ?? begun!.ToString();
            return true;
        }

        line = isLong ? null : begun?.ToString();
        return any;
    }

    /// <summary>Makes sure that there is a character, and passes over the second one of CRLF.</summary>
    private bool Fill()
    {
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, reader.Read(_block, 0, _block.Length));
                if (_end == 0)
                    return false;
            }

            if (!_afterReturn || _block[_at] != '\n')
            {
                _afterReturn = false;
                return true;
            }

            _afterReturn = false;
            _at++;
        }
    }
}
