using RnnLm.TorchSharp.Devices;

namespace RnnLm.TorchSharp.Tests;

public sealed class LoadFaultTests
{
    private const string Head = "Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose "
        + "loading problems, consider using a tool like strace.\n";

    [Theory]
    [InlineData("", "Unable to load shared library 'LibTorchSharp' or one of its dependencies")]
    [InlineData("/app/libLibTorchSharp.so: cannot open shared object file: No such file or directory\nLibTorchSharp: cannot open shared "
        + "object file: No such file or directory\n",
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies")]
    [InlineData("/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\nlibtorch.so: cannot open shared object "
        + "file: No such file or directory\n",
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies: libtorch.so: cannot open shared object file: No such "
        + "file or directory")]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n",
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies: /lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found "
        + "(required by /app/libLibTorchSharp.so)")]
    public void TheLineThatTellsSomethingIsFound(string lines, string expected) =>
    Assert.Equal(expected, LoadFault.Summarize(Head + lines));

    [Theory]
    [InlineData("Unable to load shared library 'LibTorchSharp' or one of its dependencies", nameof(LoadCause.Missing))]
    [InlineData("Unable to load 'LibTorchSharp': libtorch.so: cannot open shared object file: No such file or directory",
        nameof(LoadCause.Missing))]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)",
        nameof(LoadCause.OldSystem))]
    [InlineData("/lib/libm.so.6: version `GLIBC_2.38' not found (required by /app/libtorch_cpu.so)", nameof(LoadCause.OldSystem))]
    [InlineData("/app/libLibTorchSharp.so: undefined symbol: _ZN2at7Context27setAllowFP16ReductionCuBLASEbb",
        nameof(LoadCause.OtherVersion))]
    [InlineData("dlopen(/app/libLibTorchSharp.dylib, 0x0002): Symbol not found: __ZN2at7ContextE", nameof(LoadCause.OtherVersion))]
    [InlineData("Unable to load DLL 'LibTorchSharp' or one of its dependencies: The specified procedure could not be found. (0x8007007F)",
        nameof(LoadCause.OtherVersion))]
    public void TheCauseIsFound(string summary, string expected) => Assert.Equal(expected, LoadFault.CauseOf(summary).ToString());
}
