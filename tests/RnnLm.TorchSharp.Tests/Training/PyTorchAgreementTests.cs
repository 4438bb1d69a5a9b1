using RnnLm.Tests;

namespace RnnLm.TorchSharp.Tests;

/// <summary>Thirty steps of training, beside PyTorch's on the same weights and batches.</summary>
public sealed class PyTorchAgreementTests
{
    public static TheoryData<string> Names => PyTorchFixture.Names;

    [LibTorchTheory]
    [MemberData(nameof(Names))]
    public void TrainingAgreesWithPyTorch(string name) => PyTorchFixture.Named(name).AssertAgrees(SmallModels.Engine, threads: 1);
}
