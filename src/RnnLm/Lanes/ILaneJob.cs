namespace RnnLm.Lanes;

/// <summary>All that is done for one request.</summary>
internal interface ILaneJob
{
    /// <summary>Gets whether the result is there.</summary>
    bool IsDone { get; }

    /// <summary>Returns the task that the job starts with, or null where there is nothing to run.</summary>
    LaneTask? Start();

    /// <summary>Is called once the job is done and all before it are settled, and may find that it isn't done after all.</summary>
    /// <returns>The task that goes on with it, or null where its result stands.</returns>
    LaneTask? Settle() => null;
}
