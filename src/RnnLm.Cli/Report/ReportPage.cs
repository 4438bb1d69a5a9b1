using System.Text.Json;

namespace RnnLm.Cli.Report;

/// <summary>A report as one page that needs nothing else: style, script and data are inside.</summary>
internal static class ReportPage
{
    // The default encoder writes < and & as escapes, so that data never end the script they are in.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Create(ReportData data) => Resource("html")
        .Replace("{{title}}", System.Net.WebUtility.HtmlEncode(data.Title), StringComparison.Ordinal)
        .Replace("{{style}}", Resource("css") + Resource("privacy.css"), StringComparison.Ordinal)
        .Replace("{{script}}", Resource("js") + Resource("privacy.js"), StringComparison.Ordinal)
        .Replace("{{data}}", JsonSerializer.Serialize(data, Json), StringComparison.Ordinal);

    private static string Resource(string extension)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report." + extension)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
