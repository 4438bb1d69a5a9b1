using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>
/// A model of a table, and the project that 'rnnlm codegen' writes for it, built as it is and outside of the repository. Only the package
/// of this repository is exchanged for its project.
/// </summary>
public abstract class GeneratedProject : IDisposable
{
    private static readonly string Library = TestData.InRepository("src/RnnLm.MLNet/RnnLm.MLNet.csproj");

    private readonly TempFolder _folder = new();
    private readonly string _name;

    /// <param name="name">The name of the model.</param>
    /// <param name="project">The kind of the project.</param>
    /// <param name="table">The data.</param>
    /// <param name="options">Further options of 'rnnlm new'.</param>
    protected GeneratedProject(string name, string project, string table, params string[] options)
    {
        _name = name;
        File.WriteAllText(Path(name + ".csv"), table);
        Rnnlm(["new", name, "--data", name + ".csv", .. options, "--cell", "gru", "--hidden-size", "24", "--embedding-size", "8",
            "--batch-size", "8", "--learning-rate", "0.01", "--epochs", "6", "--engine", "managed", "--threads", "1"]);
        string config = Path(name + ".rnnlm.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"temperature\": 1,", "\"temperature\": 0,", StringComparison.Ordinal));
        Model = Train(name);
        Rnnlm("codegen", name + ".rnnlm.json", "--project", project);
        Build();
    }

    /// <summary>Gets the model that 'rnnlm train' made.</summary>
    public string Model { get; }

    /// <summary>Gets the folder of the project.</summary>
    public string Folder => Path(Namespace);

    /// <summary>Gets the program, from the project's folder.</summary>
    public string Program =>
        System.IO.Path.Combine("bin", Configuration, new DirectoryInfo(AppContext.BaseDirectory).Name, Namespace + ".dll");

    private string Namespace => $"{char.ToUpperInvariant(_name[0])}{_name[1..]}App";

    /// <summary>Gets that of these tests, whose libraries are built.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Returns the path of a file beside the configuration.</summary>
    public string Path(string name) => _folder[name];

    /// <summary>Runs the tool beside the configuration.</summary>
    public string Rnnlm(params string[] arguments) => Tool.Rnnlm(_folder.Path, arguments);

    /// <summary>Trains another model by the same options.</summary>
    /// <param name="name">The name of the model.</param>
    /// <param name="table">Its data.</param>
    public string TrainOther(string name, string table)
    {
        File.WriteAllText(Path(name + ".csv"), table);
        string config = File.ReadAllText(Path(_name + ".rnnlm.json"));
        File.WriteAllText(Path(name + ".rnnlm.json"), config.Replace($"\"{_name}.", $"\"{name}.", StringComparison.Ordinal));
        return Train(name);
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private string Train(string name)
    {
        Rnnlm("train", name + ".rnnlm.json");
        return Path(name + ".zip");
    }

    private void Build()
    {
        string project = System.IO.Path.Combine(Folder, Namespace + ".csproj");
        string text = File.ReadAllText(project);
        int reference = text.IndexOf("<PackageReference Include=\"RnnLm.MLNet\"", StringComparison.Ordinal);
        int end = text.IndexOf("/>", reference, StringComparison.Ordinal) + 2;
        File.WriteAllText(project, $"{text[..reference]}<ProjectReference Include=\"{Library}\" />{text[end..]}");
        // The library as it was built for these tests, which may be without TorchSharp.
        Tool.Dotnet(Folder, "restore", "-nologo", "-p:LibTorch=none");
        Tool.Dotnet(Folder, "build", "-nologo", "--no-restore", "-c", Configuration, "-p:LibTorch=none", "-p:BuildProjectReferences=false",
            "-p:TreatWarningsAsErrors=true");
    }
}
