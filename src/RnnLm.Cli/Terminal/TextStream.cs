using System.Text;

namespace RnnLm.Cli.Terminal;

/// <summary>Takes UTF-8, and writes it as text.</summary>
/// <param name="output">Where to.</param>
internal sealed class TextStream(TextWriter output) : WriteOnlyStream
{
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // A character that the buffer ends within is held until the rest of it comes.
        char[] text = new char[_decoder.GetCharCount(buffer, flush: false)];
        output.Write(text, 0, _decoder.GetChars(buffer, text, flush: false));
    }

    public override void Flush() => output.Flush();
}
