namespace RnnLm.MLNet.Tests;

public sealed class ConsoleProjectTests(OrdersConsole project) : IClassFixture<OrdersConsole>
{
    [Fact]
    public void TheConsoleProjectTrainsTheModelOfTheTool()
    {
        Assert.Equal("Saved orders.zip\n", Tool.Dotnet(project.Folder, project.Program, "train"));

        string[] prompts = ["Hel", "", "I ordered 3"];
        string written = project.Rnnlm(["sample", "orders.zip", .. prompts.SelectMany(prompt => new[] { "--prompt", prompt })]);
        Assert.Contains("Hello, I ordered", written, StringComparison.Ordinal);
        Assert.Equal(written, Tool.Dotnet(project.Folder, [project.Program, "predict", .. prompts]));
        Assert.Equal(written, Tool.Dotnet(project.Folder, [project.Program, "predict", "--model", project.Model, .. prompts]));
    }
}
