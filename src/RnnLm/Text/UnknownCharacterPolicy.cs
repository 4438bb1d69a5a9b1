namespace RnnLm;

/// <summary>What happens to a character that the vocabulary does not have.</summary>
public enum UnknownCharacterPolicy
{
    /// <summary>It becomes the unknown token, which the vocabulary then has and sampling never draws.</summary>
    Token,

    /// <summary>It is left out.</summary>
    Skip,

    /// <summary>It is an error that names the character and its position.</summary>
    Throw,
}
