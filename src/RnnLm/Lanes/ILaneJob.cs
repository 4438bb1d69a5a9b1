namespace RnnLm.Lanes;

/// <summary>All that is done for one request.</summary>
internal interface ILaneJob
{
    /// <summary>Gets whether the result is there.</summary>
    bool IsDone { get; }

    /// <summary>Returns the task that the job starts with, or null where there is nothing to run.</summary>
    LaneTask? Start();
}
