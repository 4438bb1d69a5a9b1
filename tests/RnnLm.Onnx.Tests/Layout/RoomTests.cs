using RnnLm.Tests;

namespace RnnLm.Onnx.Tests.Layout;

public class RoomTests
{
    private static readonly Rooms Project = Rooms.Of(typeof(OnnxExtensions));

    [Fact]
    public void No_folder_uses_another_that_uses_it() => Assert.True(Project.Circles().Count == 0, string.Join('\n', Project.Circles()));

    [Fact]
    public void Internal_types_are_in_the_namespace_of_their_folder_and_public_ones_in_the_library_s()
    {
        Assert.NotEmpty(Project.Types);
        Assert.True(Project.Strays("RnnLm.Onnx").Count == 0, string.Join('\n', Project.Strays("RnnLm.Onnx")));
    }

    [Fact]
    public void The_page_on_architecture_tells_each_folder_and_what_it_uses()
    {
        string differences = RoomTable.Differences("RnnLm.Onnx", Project);
        Assert.True(differences.Length == 0, $"docs/architecture.md is to say:\n{differences}");
    }
}
