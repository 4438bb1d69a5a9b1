namespace Examples;

/// <summary>Acts on each report at once, on the thread that trains. <see cref="Progress{T}"/> would act later, on another.</summary>
internal sealed class WhenReported<T>(Action<T> act) : IProgress<T>
{
    public void Report(T value) => act(value);
}
