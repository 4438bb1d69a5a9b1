using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using RnnLm.Cli.Commands;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Tests;

/// <summary>
/// Options in messages are named in the words of who reads them: a flag, a key or a member. So a message stays an
/// <see cref="OptionMessage"/> until it is shown. Where one is made a string before, by a conditional expression of two interpolated
/// strings or by adding a plain string, say, it has the words of C# for good.
/// </summary>
public sealed class OptionNamesTests
{
    private static readonly string[] Parts = [nameof(OptionId), nameof(OptionSetting), nameof(OptionMessage)];

    public static TheoryData<string> Assemblies =>
        [typeof(RnnLanguageModel).Assembly.Location, typeof(TrainCommand).Assembly.Location, typeof(Onnx.OnnxGraph).Assembly.Location];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void NoOptionIsWrittenIntoAString(string path)
    {
        using var assembly = new PEReader(File.OpenRead(path));
        MetadataReader metadata = assembly.GetMetadataReader();
        Dictionary<int, string> writers = Writers(metadata);

        Assert.Equal([], metadata.MethodDefinitions.SelectMany(method => Calls(metadata.GetMethodDefinition(method))));

        IEnumerable<string> Calls(MethodDefinition method)
        {
            if (method.RelativeVirtualAddress == 0)
                yield break;
            byte[] code = assembly.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            for (int i = 0; i + 4 < code.Length; i++)
            {
                if (code[i] == (byte)ILOpCode.Call && writers.TryGetValue(BitConverter.ToInt32(code, i + 1), out string? part))
                    yield return $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}."
                        + $"{metadata.GetString(method.Name)} writes an {part} into a string";
            }
        }
    }

    /// <summary>Returns the methods that write a part of a message into a string, by their tokens.</summary>
    private static Dictionary<int, string> Writers(MetadataReader metadata)
    {
        var writers = new Dictionary<int, string>();
        for (int row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
        {
            MethodSpecification method = metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row));
            if (method.Method.Kind != HandleKind.MemberReference)
                continue;
            MemberReference member = metadata.GetMemberReference((MemberReferenceHandle)method.Method);
            bool writes = (TypeOf(metadata, member.Parent), metadata.GetString(member.Name)) is
                ("DefaultInterpolatedStringHandler", "AppendFormatted") or ("String", "Join" or "Concat");
            if (writes && method.DecodeSignature(new TypeNames(), null) is [var part] && Parts.Contains(part))
                writers.Add(MetadataTokens.GetToken(MetadataTokens.MethodSpecificationHandle(row)), part);
        }

        return writers;
    }

    private static string TypeOf(MetadataReader metadata, EntityHandle handle) => handle.Kind == HandleKind.TypeReference
        ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)handle).Name)
        : "";

    /// <summary>Names types without more.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"{typeCode}";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => "";

        public string GetSZArrayType(string elementType) => elementType;

        public string GetArrayType(string elementType, ArrayShape shape) => elementType;

        public string GetByReferenceType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType;

        public string GetPinnedType(string elementType) => elementType;

        // What is in a list is written too, where the list is.
        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => typeArguments[0];

        public string GetGenericMethodParameter(object? genericContext, int index) => "";

        public string GetGenericTypeParameter(object? genericContext, int index) => "";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;
    }
}
