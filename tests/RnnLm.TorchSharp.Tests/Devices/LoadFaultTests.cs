namespace RnnLm.TorchSharp.Tests;

public sealed class LoadFaultTests
{
    private const string Head = "Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.\n";

    [Theory]
    [InlineData("", "Unable to load shared library 'LibTorchSharp' or one of its dependencies")]
    [InlineData("/app/libLibTorchSharp.so: cannot open shared object file: No such file or directory\nLibTorchSharp: cannot open shared object file: No such file or directory\n",
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies")]
    [InlineData("/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\nlibtorch.so: cannot open shared object file: No such file or directory\n",
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies: libtorch.so: cannot open shared object file: No such file or directory")]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n",
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies: /lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)")]
    public void TheLineThatTellsSomethingIsFound(string lines, string expected) => Assert.Equal(expected, LoadFault.Summarize(Head + lines));
}
