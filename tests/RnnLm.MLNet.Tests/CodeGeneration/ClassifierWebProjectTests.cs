using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RnnLm.MLNet.Tests;

public sealed class ClassifierWebProjectTests(CountriesWeb project) : IClassFixture<CountriesWeb>
{
    [Fact]
    public async Task TheWebProjectAnswersAsTheToolAndRefusesWhatIsTooLong()
    {
        await using WebServer server = await WebServer.StartAsync(project, project.Model);

        string answer = await server.PostAsync("predict", new { text = "sch3" });

        JsonElement[] labels = [.. JsonDocument.Parse(answer).RootElement.EnumerateArray()];
        JsonElement expected = JsonDocument.Parse(project.Rnnlm("classify", "countries.zip", "--text", "sch3", "--json")).RootElement;
        Assert.Equal(expected.GetProperty("label").GetString(), labels[0].GetProperty("key").GetString());
        JsonElement probabilities = expected.GetProperty("probabilities");
        Assert.Equal(probabilities.EnumerateObject().Count(), labels.Length);
        Assert.All(labels, label => Assert.Equal(
            probabilities.GetProperty(label.GetProperty("key").GetString()!).GetSingle(), label.GetProperty("value").GetSingle(), 1e-5f));
        HttpResponseMessage refused = await server.Client.PostAsJsonAsync("predict", new { text = new string('x', 2001) });
        await WebServer.AssertProblemAsync(refused, HttpStatusCode.BadRequest, "text may have 2000 characters at most.");
        refused = await server.Client.PostAsJsonAsync("predict", new { });
        await WebServer.AssertProblemAsync(refused, HttpStatusCode.BadRequest, "text is missing.");
    }
}
