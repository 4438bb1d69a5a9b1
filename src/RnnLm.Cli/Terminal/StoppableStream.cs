namespace RnnLm.Cli.Terminal;

/// <summary>A stream that may have to be waited for, such as a pipe, and that is waited for no longer once the command is to
/// stop.</summary>
/// <param name="inner">What is read.</param>
/// <param name="stop">When to stop.</param>
internal sealed class StoppableStream(Stream inner, CancellationToken stop) : ReadOnlyStream(inner)
{
    private byte[] _block = [];

    /// <summary>Waits for what a system call may hold up. The call goes on, but holds up nobody.</summary>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public static T Wait<T>(Func<T> call, CancellationToken stop)
    {
        Task<T> task = Task.Run(call, CancellationToken.None);
        Task.WaitAny([task], stop);
        return task.GetAwaiter().GetResult();
    }

    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public override int Read(Span<byte> buffer)
    {
        int length = buffer.Length;
        if (_block.Length < length)
            _block = new byte[length];
        int read = Wait(() => Inner.Read(_block, 0, length), stop);
        _block.AsSpan(0, read).CopyTo(buffer);
        return read;
    }
}
