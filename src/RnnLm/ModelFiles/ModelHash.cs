using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RnnLm.Modeling;

namespace RnnLm.ModelFiles;

/// <summary>A hash of what a language model's results depend on: its network, its weights, and how it reads text.</summary>
internal static class ModelHash
{
    /// <summary>Returns the hash.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">What else the results depend on.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(SavedModel model, string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in (string[])[settings, $"{model.Config}", $"{model.DataMode}", model.RowSeparator,
            string.Concat(model.Vocabulary.Characters), $"{model.Vocabulary.UnknownCharacters} {model.Vocabulary.StartId}",
            .. model.Conditions])
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        foreach (WeightTensor tensor in model.Weights)
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
