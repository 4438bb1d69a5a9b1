using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>Private training on the command line: what is asked for, shown and kept.</summary>
public sealed class PrivateTrainingCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public PrivateTrainingCommandTests() =>
        File.WriteAllLines(_folder["names.txt"], Enumerable.Range(0, 200).Select(i => $"{"abcdefgh"[i % 8]}an{"stuvw"[i % 5]}o{i % 7}"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EpsilonIsShownAndSavedWithWhatItComesOf()
    {
        string expected = FormattableString.Invariant($"{PrivacyGuarantee.ComputeEpsilon(2, 20 / 180.0, 12, 1e-4):G4}");
        CliRun run = CliRun.Ok(Train("--privacy-delta", "1e-4", "--characters", "abcdefghijklmnopqrstuvwxyz0123456789"));
        string facts = $"epsilon {expected} at delta 0.0001 for each row: noise 2, gradients clipped to 0.5, rows drawn with probability "
            + "0.1111 in each of 12 steps";
        Assert.Contains($"Privacy: {facts}.\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"step 12 .* epsilon \d+\.\d\d ", run.Error);

        CliRun inspected = CliRun.Ok("inspect", _folder["names.zip"]);
        Assert.Contains($"privacy           {facts}\n", inspected.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("seed", inspected.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", inspected.Output, StringComparison.Ordinal);
        CliRun.Ok("report", _folder["names.zip"], "-o", _folder["report.html"]);
        Assert.Contains("epsilon at delta 0.0001", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramsAreToldOfItToo()
    {
        JsonElement[] events =
            [.. CliRun.Ok(Train("--json", "--report-every", "5")).Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        double last = events[^1].GetProperty("privacy_epsilon").GetDouble();
        Assert.Equal(PrivacyGuarantee.ComputeEpsilon(2, 20 / 180.0, 12, 0.1 / 180), last);
        Assert.Equal(0.1 / 180, events[^1].GetProperty("privacy_delta").GetDouble());
        double[] reported = [.. events.Where(e => e.GetProperty("event").GetString() == "progress")
            .Select(e => e.GetProperty("privacy_epsilon").GetDouble())];
        Assert.Equal(last, reported[^1]);
        Assert.Equal(reported.Order(), reported);
        Assert.False(events[^1].TryGetProperty("seed", out _));
    }

    /// <summary>The configuration in the file, from which code is generated, has no seed either.</summary>
    [Fact]
    public void TheFileDoesNotGiveTheSeedAway()
    {
        CliRun run = CliRun.Ok(Train("--seed", "123454321"));
        Assert.Contains("warning: --seed is set: whoever learns it", run.Error, StringComparison.Ordinal);
        SavedModel model = ModelArchive.Load(_folder["names.zip"]);
        Assert.All(model.Metadata.Values, value => Assert.DoesNotContain("123454321", value, StringComparison.Ordinal));
        Assert.Contains("privacy_noise", model.Metadata["rnnlm.json"], StringComparison.Ordinal);
        CliRun.Ok("codegen", _folder["names.zip"], "-o", _folder["code"]);
        string code = string.Concat(Directory.EnumerateFiles(_folder["code"], "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        Assert.Contains("PrivacyNoise = 2, PrivacyClipNorm = 0.5", code, StringComparison.Ordinal);
        Assert.DoesNotContain("123454321", code, StringComparison.Ordinal);
    }

    /// <summary>The model that the training itself left is replaced, though it does not keep the seed.</summary>
    [Fact]
    public void ATrainingIsResumedOverItsOwnModel()
    {
        string[] Arguments(int steps) =>
            [.. Train("--checkpoint", _folder["names.checkpoint"], "--resume").Select(a => a == "12" ? $"{steps}" : a)];
        CliRun.Ok(Arguments(12));
        CliRun.Ok(Arguments(20));
        Assert.Equal(20, ModelArchive.Load(_folder["names.zip"]).Training!.Privacy!.Steps);
    }

    [Fact]
    public void FaultsNameTheFlags()
    {
        CliRun run = CliRun.Of("train", _folder["names.txt"], "--privacy-noise", "1", "--output", _folder["names.zip"]);
        Assert.NotEqual(0, run.Code);
        Assert.Contains("--privacy-clip-norm is not set, but the noise of --privacy-noise is a multiple of it", run.Error,
            StringComparison.Ordinal);
        Assert.Contains("with --mode stream there are none, just one running text; set --mode rows or pairs", run.Error,
            StringComparison.Ordinal);
        run = CliRun.Of(Train("--accumulation-steps", "2", "--engine", "torchsharp"));
        Assert.Contains("leave it at 1 and raise --batch-size", run.Error, StringComparison.Ordinal);
        Assert.Contains("--engine is torchsharp, which does not clip", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["names.zip"]));
    }

    private string[] Train(params string[] more) =>
    [
        "train", _folder["names.txt"], "--mode", "rows", "--hidden-size", "13", "--embedding-size", "6", "--steps", "12", "--batch-size",
        "20",
        "--privacy-noise", "2", "--privacy-clip-norm", "0.5", "--output", _folder["names.zip"], .. more,
    ];
}
