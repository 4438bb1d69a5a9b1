using Microsoft.ML.Runtime;

namespace RnnLm.MLNet.MLNetInternals;

/// <summary>Says in ML.NET's own words and exceptions what is wrong with a schema.</summary>
internal static class SchemaFaults
{
    private const string Parameter = "inputSchema";

    public static Exception Missing(IExceptionContext context, string role, string column) =>
        context.ExceptSchemaMismatch(Parameter, role, column);

    public static Exception Mismatch(IExceptionContext context, string role, string column, string expectedType, string actualType) =>
        context.ExceptSchemaMismatch(Parameter, role, column, expectedType, actualType);
}
