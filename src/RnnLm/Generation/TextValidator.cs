namespace RnnLm.Generation;

/// <summary>Keeps the texts that a function accepts.</summary>
/// <param name="isValid">Is given the text as it would be returned.</param>
/// <param name="maxTries">How many texts are written at most before a row is left without one.</param>
internal sealed class TextValidator(Func<string, bool> isValid, int maxTries) : ITextJudge
{
    public int MaxTries => maxTries;

    public TextVerdict Judge(in GenerationRequest request, string text)
    {
        try
        {
            return isValid(text) ? TextVerdict.Accepted : TextVerdict.Invalid;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"The validator failed on '{text}', written for the row with key {request.RowKey}: "
                + $"{e.Message}", e);
        }
    }

    public TextVerdict Keep(in GenerationRequest request, string text) => TextVerdict.Accepted;
}
