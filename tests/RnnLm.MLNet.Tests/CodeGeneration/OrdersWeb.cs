

namespace RnnLm.MLNet.Tests;

/// <summary>A web API of a language model with conditions.</summary>
public sealed class OrdersWeb() : GeneratedProject(
    "orders", "web", Table("Hello, I ordered"), "--text-column", "Message", "--condition-column", "Kind", "--mode", "rows")
{
    /// <summary>Returns texts of two kinds.</summary>
    public static string Table(string beginning) => "Kind,Message\n" + string.Concat(Enumerable.Range(0, 80).Select(i =>
        i % 2 == 0 ? $"lamp,\"{beginning} {i % 7} lamps\"\n" : $"desk,\"{beginning} {i % 7} desks\"\n"));
}
