namespace WebForm.Tests;

/// <summary>The tests of the service; one after the other, as they load it.</summary>
[CollectionDefinition(Name)]
public sealed class FormTests : ICollectionFixture<TrainedModels>
{
    public const string Name = "WebForm";
}
