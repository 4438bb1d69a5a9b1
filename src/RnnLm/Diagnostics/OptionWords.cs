namespace RnnLm.Diagnostics;

/// <summary>The words in which users of one kind know the options: those of C#, of the command line, of a configuration file.</summary>
internal abstract class OptionWords
{
    /// <summary>Gets the words of C#: <c>Model.HiddenSize</c>.</summary>
    public static OptionWords CSharp { get; } = new CSharpWords();

    /// <summary>Tells whether users have a name for an option.</summary>
    public virtual bool Knows(OptionId option) => true;

    /// <summary>Names an option that a message is about; where a file of the user's sets it, with the place.</summary>
    public virtual string Subject(OptionId option) => Name(option);

    /// <summary>Names an option within a message.</summary>
    public abstract string Name(OptionId option);

    /// <summary>Writes an option with its value, as the user would set it.</summary>
    public abstract string Setting(OptionId option, object value);

    /// <summary>Names a value of an enum.</summary>
    public abstract string Value(Enum value);
}
