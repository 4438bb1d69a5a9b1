namespace RnnLm.MLNet.Tests;

/// <summary>A program that trains a language model and continues texts.</summary>
public sealed class OrdersConsole() : GeneratedProject(
    "orders", "console", "Id,Message\n" + string.Concat(Enumerable.Range(0, 80).Select(i => $"{i},\"Hello, I ordered {i % 7} lamps\"\n")),
    "--text-column", "Message", "--mode", "rows");
