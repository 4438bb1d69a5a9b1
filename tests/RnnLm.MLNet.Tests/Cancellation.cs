using System.Reflection;
using Microsoft.ML;

namespace RnnLm.MLNet.Tests;

/// <summary>Cancels what a context runs. For users the method is in Microsoft.ML.Experimental, which does no more than call the context's
/// internal one.</summary>
internal static class Cancellation
{
    private static readonly MethodInfo Cancel =
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!;

    public static void CancelExecution(this MLContext ml) => Cancel.Invoke(ml, null);
}
