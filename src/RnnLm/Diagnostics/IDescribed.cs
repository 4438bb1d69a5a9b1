namespace RnnLm.Diagnostics;

/// <summary>An exception whose message names options, and can be told in the words of any user.</summary>
internal interface IDescribed
{
    /// <summary>Returns the message.</summary>
    string Describe(OptionWords words);
}
