using System.Text;
using RnnLm.Diagnostics;
using RnnLm.Files;
using Spectre.Console;

namespace RnnLm.Cli.Terminal;

/// <summary>
/// A file that a command will write: every command writes its files by this class. It is looked after from the start, so that nobody waits
/// for hours to hear that it can't be written, and what the user owns is not written over unasked.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    /// <summary>What stands for the standard output among the names of files.</summary>
    public const string StandardOutput = "-";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly FileLock _lock;

    private OutputFile(string path, FileLock @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Makes sure that the file can be written, and that no other run is about to write it too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputs">The files that the command reads. None of them is ever written over, whatever is asked for.</param>
    /// <param name="replace">Whether a file that is there may be replaced; else the user is asked, on a terminal.</param>
    /// <param name="context">Where the user is asked.</param>
    /// <param name="argument">What names the file on the command line, where that is no option of a configuration.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="isFolder">Whether what names it is the folder that it is in.</param>
    /// <exception cref="UsageException">The file is there already, or is one of the inputs.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    public static OutputFile Reserve(
        string path, IEnumerable<string> inputs, bool replace, CommandContext context, string argument = "--output",
        OptionId? option = null, bool isFolder = false)
    {
        OptionMessage name = option is { } known ? (OptionMessage)$"{known}" : argument;
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder. Name a file by {name}.", option);
        if (System.IO.Path.Exists(path) && FileIdentity.Of(path) is { IsDevice: true })
        {
            throw new UsageException($"'{path}' is a device or a pipe, and is not replaced by a file. "
                + $"Name a file by {name}. To send what a command prints to a device or a pipe, use the shell's >.", option);
        }

        string other = $"name another {(isFolder ? "folder" : "file")} by ";
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new UsageException($"the folder '{folder}' does not exist. Make it, or {other}{name}.", option);
        RefuseInputs(path, inputs, name, option, isFolder);
        if (File.Exists(path) && !replace && !Ask(path, context))
            throw new UsageException($"'{path}' exists. Say --force to replace it, or {other}{name}.", option);
        return new OutputFile(path, FileLock.Take(path));
    }

    /// <summary>Returns the file that results go to; null for the standard output, which goes by <see cref="StandardOutput"/>
    /// too.</summary>
    public static string? OrStandardOutput(string? path) => path == StandardOutput ? null : path;

    /// <summary>Makes sure that what is to be a file is not the standard output.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What names the file, for the message.</param>
    /// <param name="option">The option that names it, or null.</param>
    /// <param name="isFolder">Whether what names it is the folder that it is in.</param>
    /// <exception cref="UsageException">It is.</exception>
    public static void RefuseStandardOutput(string path, OptionMessage name, OptionId? option = null, bool isFolder = false)
    {
        string kind = isFolder ? "folder" : "file";
        if (path == StandardOutput)
        {
            throw new UsageException($"'-' is the standard output, which can't take the place of this {kind}. Name a {kind} by {name}; a "
                + $"{kind} with this name is ./-.", option);
        }
    }

    /// <summary>Makes sure that a file to be written is none that the command reads.</summary>
    /// <exception cref="UsageException">It is one, by whatever path.</exception>
    public static void RefuseInputs(string path, IEnumerable<string> inputs, OptionId option) =>
        RefuseInputs(path, inputs, $"{option}", option);

    /// <summary>Makes sure that a file to be written is none that the command reads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputs">The files that the command reads.</param>
    /// <param name="name">What names the file, for the message.</param>
    /// <param name="option">The option that names it, or null.</param>
    /// <param name="isFolder">Whether what names it is the folder that it is in.</param>
    /// <exception cref="UsageException">It is one, by whatever path.</exception>
    public static void RefuseInputs(
        string path, IEnumerable<string> inputs, OptionMessage name, OptionId? option = null, bool isFolder = false)
    {
        RefuseStandardOutput(path, name, option, isFolder);
        string kind = isFolder ? "folder" : "file";
        // Whether the command reads it or not: nobody wants it replaced.
        if (FileIdentity.IsStandardInput(path))
        {
            throw new UsageException($"'{path}' is the file that the standard input is read from, and is never written over. Name another "
                + $"{kind} by {name}.", option);
        }

        foreach (string input in inputs)
        {
            if (FileIdentity.AreSame(path, input))
            {
                throw new UsageException($"'{path}' is {(path == input ? "" : $"the same file as '{input}', ")}an input of this command, "
                    + $"and is never written over. Name another {kind} by {name}.", option);
            }

            string full = System.IO.Path.GetFullPath(input);
            if (AtomicFile.Beside(path).Append(FileLock.Beside(path)).Contains(full, StringComparer.Ordinal))
                throw new UsageException($"'{input}' has the name of a working file of '{path}'. Rename it, or name another {kind} by "
                    + $"{name}.", option);
        }
    }

    /// <summary>Makes sure that no two options name one file to be written.</summary>
    /// <param name="outputs">The files that are written, or null, and the options that name them.</param>
    /// <exception cref="UsageException">Two name one file, by whatever paths.</exception>
    public static void RefuseSame(IReadOnlyList<(string Option, string? Path)> outputs)
    {
        for (int second = 1; second < outputs.Count; second++)
        {
            for (int first = 0; first < second; first++)
            {
                if (outputs[first].Path is { } path && outputs[second].Path is { } other && FileIdentity.AreSame(path, other))
                    throw new UsageException($"{outputs[first].Option} and {outputs[second].Option} name one file, '{path}'. Name two.");
            }
        }
    }

    /// <summary>Writes the file, as a whole or not at all.</summary>
    /// <exception cref="IOException">It can't be written. What was there before is still there.</exception>
    public void Write(string text) => Write(stream => stream.Write(Utf8.GetBytes(text)));

    /// <summary>Writes the file, as a whole or not at all.</summary>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="IOException">It can't be written. What was there before is still there.</exception>
    public void Write(Action<Stream> write) => AtomicFile.Write(Path, write);

    /// <summary>Saves what took long to make. Where it can't be written any more, since the disk has become full say, it is kept in the
    /// folder for temporary files.</summary>
    /// <param name="save">Writes the file of a path, as a whole or not at all.</param>
    /// <exception cref="IOException">It can't be written; the message says where it is kept.</exception>
    public void Save(Action<string> save)
    {
        try
        {
            save(Path);
        }
        catch (IOException e)
        {
            string kept = System.IO.Path.Combine(System.IO.Path.GetTempPath(),
                $"{System.IO.Path.GetFileNameWithoutExtension(Path)}-{Guid.NewGuid():N}{System.IO.Path.GetExtension(Path)}");
            save(kept);
            throw new IOException($"{e.Message} It is kept as '{kept}': move it where you want it.", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static bool Ask(string path, CommandContext context) =>
        context.Status.Profile.Capabilities.Interactive && context.IsInputTerminal
        && context.Status.Confirm($"'{Markup.Escape(path)}' exists. Replace it?", defaultValue: false);
}
