namespace RnnLm.Numerics;

/// <summary>The purposes that random numbers are drawn for; each has its own sequence, so that one more draw for one leaves the others as
/// they were.</summary>
internal static class RandomPurpose
{
    public const uint Order = 1, Weights = 2, InitialState = 3, TeacherForcing = 4, Split = 5, Dropout = 6, Sampling = 7, Balance = 8,
        Conditions = 9, Columns = 10;
    public const uint Joining = 21, PrivacyNoise = 22;
    public const uint RowSample = 23, Canaries = 24;
}
