using RnnLm.Managed;

namespace RnnLm.Tests;

/// <summary>Thirty steps of training beside PyTorch's, on the same weights and batches; the figures are those that the TorchSharp engine is
/// held to.</summary>
public class PyTorchTrainingTests
{
    public static TheoryData<string> Names => PyTorchFixture.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesStepForStep(string name) => PyTorchFixture.Named(name).AssertAgrees(new ManagedEngine(), threads: 2);
}
