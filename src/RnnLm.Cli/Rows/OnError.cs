namespace RnnLm.Cli.Rows;

/// <summary>What is done with a row that can't be read or answered.</summary>
internal enum OnError
{
    /// <summary>The command ends with the fault, its file and its line.</summary>
    Fail,

    /// <summary>The row is left out and counted.</summary>
    Skip,
}
