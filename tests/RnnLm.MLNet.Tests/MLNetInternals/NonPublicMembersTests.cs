using System.Reflection;
using System.Reflection.Emit;
using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Tests;

/// <summary>
/// Holds the list of ML.NET's non-public members that our assembly uses. A version of ML.NET that moves one fails here by name; a use that
/// nobody meant to add, or that stands outside the folder for it, fails here too.
/// </summary>
public sealed class NonPublicMembersTests
{
    /// <summary>What meets the constraints of all type parameters that objects and numbers do not meet.</summary>
    private static readonly Type Transformer = typeof(RnnTextClassificationTransformer);

    private static readonly Module Ours = typeof(BatchedDataView<>).Module;

    [Fact]
    public void EveryUseIsInTheList()
    {
        string[] listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "MLNetInternals", "NonPublicMembers.txt"));
        string[] used = [.. References().Where(IsNonPublic).Select(Describe).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(listed.AsSpan().SequenceEqual(used),
            "The non-public members of ML.NET that are used are no longer those of NonPublicMembers.txt, but:\n" + string.Join('\n', used));
    }

    [Fact]
    public void EveryUseIsInTheFolderForIt()
    {
        var outside = new List<string>();
        foreach (Type type in Ours.GetTypes()
            .Where(t => t.Namespace?.StartsWith("RnnLm.MLNet.MLNetInternals", StringComparison.Ordinal) != true))
        {
            const BindingFlags all =
                BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
            IEnumerable<MemberInfo> inSignatures = type.GetFields(all).Select(f => f.FieldType)
                .Concat(type.GetInterfaces()).Append(type.BaseType ?? typeof(object));
            foreach (MethodBase method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
            {
                inSignatures = inSignatures.Concat(method.GetParameters().Select(p => p.ParameterType));
                IEnumerable<MemberInfo> inBody = Operands(method)
                    .Concat(method.GetMethodBody()?.LocalVariables.Select(v => v.LocalType) ?? []);
                outside.AddRange(inBody.Where(IsNonPublic).Select(member => $"{type}.{method.Name} uses {Describe(member)}"));
            }

            outside.AddRange(inSignatures.Where(IsNonPublic).Select(member => $"{type} uses {Describe(member)}"));
        }

        Assert.Empty(outside);
    }

    /// <summary>All types and members of other assemblies that ours names, found in the real assemblies.</summary>
    private static IEnumerable<MemberInfo> References()
    {
        const int typeReference = 0x01000000, memberReference = 0x0A000000;
        return Rows(typeReference).Concat(Rows(memberReference));

        static IEnumerable<MemberInfo> Rows(int table)
        {
            for (int row = 1; TryResolve(table | row) is { } member; row++)
                yield return member;
        }
    }

    private static MemberInfo? TryResolve(int token)
    {
        try
        {
            return Resolve(token, typeof(object)) ?? Resolve(token, typeof(int)) ?? Resolve(token, Transformer);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Resolves a token with some type in place of type parameters; null where that does not meet their constraints.</summary>
    private static MemberInfo? Resolve(int token, Type any)
    {
        Type[] arguments = [any, any, any, any];
        try
        {
            return Ours.ResolveMember(token, arguments, arguments);
        }
        catch (TypeLoadException) when (any != Transformer)
        {
            return null;
        }
    }

    private static bool IsNonPublic(MemberInfo member)
    {
        if (member.Module.Assembly.GetName().Name?.StartsWith("Microsoft.ML", StringComparison.Ordinal) != true)
            return false;
        return member switch
        {
            Type type => !(type.HasElementType ? type.GetElementType()! : type).IsVisible,
            MethodBase method => !method.DeclaringType!.IsVisible || method.IsAssembly || method.IsFamilyAndAssembly || method.IsPrivate,
            FieldInfo field => !field.DeclaringType!.IsVisible || field.IsAssembly || field.IsFamilyAndAssembly || field.IsPrivate,
            _ => false,
        };
    }

    private static string Describe(MemberInfo member) => member is Type type
        ? $"{type.Assembly.GetName().Name}: {type.FullName}"
        : $"{member.Module.Assembly.GetName().Name}: {member.DeclaringType!.FullName}: {member}";

    /// <summary>The types and members that a method's instructions name.</summary>
    private static IEnumerable<MemberInfo> Operands(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int i = 0; i < code.Length;)
        {
            short value = code[i++] is byte first && first == 0xFE ? (short)(0xFE00 | code[i++]) : first;
            OpCode instruction = Instructions[value];
            if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
                yield return Ours.ResolveMember(BitConverter.ToInt32(code, i), ofType, ofMethod)!;
            i += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<short, OpCode> Instructions = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(instruction => instruction.Value);
}
