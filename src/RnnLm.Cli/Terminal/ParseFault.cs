using System.CommandLine.Parsing;

namespace RnnLm.Cli.Terminal;

/// <summary>Says what the parser of the command line found wrong.</summary>
internal static class ParseFault
{
    public static string Describe(ParseError error) => error.SymbolResult switch
    {
        // The parser puts a result in the place of a required option that is not there.
        OptionResult { Implicit: true, Option: { Required: true } option } =>
            $"{option.Name} is missing: {option.Description}.",
        OptionResult { Tokens.Count: 0, Option: { Arity.MinimumNumberOfValues: > 0 } option } => $"{option.Name} needs a value.",
        _ => char.ToLowerInvariant(error.Message[0]) + error.Message[1..],
    };
}
