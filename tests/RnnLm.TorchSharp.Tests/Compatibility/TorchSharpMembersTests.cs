using System.Reflection;
using RnnLm.TorchSharp.Devices;

namespace RnnLm.TorchSharp.Tests;

/// <summary>
/// Holds the list of TorchSharp's members that our assembly uses. Each is in the oldest TorchSharp that we say we run with
/// (docs/compatibility.md); look a new one up there, with its parameters, before it is added to the list.
/// </summary>
public sealed class TorchSharpMembersTests
{
    private const int MethodDefinition = 0x06000000, MemberReference = 0x0A000000;

    // Of the intermediate language: each is followed by the token of a method.
    private const byte Call = 0x28, CallVirtual = 0x6F;

    /// <summary>Stand for the arguments of generic types and methods.</summary>
    private static readonly Type[] Arguments = [typeof(object), typeof(object), typeof(object), typeof(object)];

    private static readonly Module Ours = typeof(TorchSharpEngine).Module;

    [Fact]
    public void EachMemberUsedIsInTheListAndInTheLoadedTorchSharp()
    {
        string[] listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Compatibility", "TorchSharpMembers.txt"));
        string[] used = [.. Used().Distinct().Order(StringComparer.Ordinal)];
        Assert.True(listed.AsSpan().SequenceEqual(used),
            "The members of TorchSharp that are used are no longer those of TorchSharpMembers.txt, but:\n" + string.Join('\n', used));
    }

    [Fact]
    public void TheBinaryAsksForNoNewerTorchSharpThanTheOldest()
    {
        AssemblyName reference = Assert.Single(Ours.Assembly.GetReferencedAssemblies(), name => name.Name == "TorchSharp");
        Assert.Equal(Version.Parse(NativePackages.OldestTorchSharp + ".0"), reference.Version);
    }

    /// <summary>
    /// TorchSharp hands a scalar's address on and keeps the scalar no longer, so that the garbage collector may free it while libtorch
    /// reads it. Ours are made by ToScalar and live until their call has ended; a member that makes one itself can't be used.
    /// </summary>
    [Fact]
    public void NoMemberUsedMakesAScalarThatMayBeFreedTooEarly()
    {
        // The rule finds what it is for.
        Assert.True(MakesScalars(typeof(torch.Tensor).GetMethod("add_", [typeof(torch.Tensor)])!));
        Assert.True(MakesScalars(typeof(torch.Tensor).GetMethod("op_Addition", [typeof(torch.Tensor), typeof(torch.Tensor)])!));
        Assert.True(MakesScalars(typeof(Scalar).GetMethod("op_Implicit", [typeof(double)])!));

        Assert.Empty(Members().OfType<MethodBase>().Distinct()
            .Where(member => member.DeclaringType != typeof(ScalarExtensionMethods) && MakesScalars(member))
            .Select(member => $"{member.DeclaringType}: {member}"));
    }

    private static IEnumerable<string> Used() => Members().Select(member => $"{member.DeclaringType}: {member}");

    /// <summary>Resolves each reference to a member of TorchSharp; one that is not there throws.</summary>
    private static IEnumerable<MemberInfo> Members()
    {
        for (int token = MemberReference + 1; ; token++)
        {
            MemberInfo? member;
            try
            {
                member = Ours.ResolveMember(token, Arguments, Arguments);
            }
            catch (ArgumentOutOfRangeException)
            {
                yield break;
            }

            if (member?.DeclaringType?.Assembly == typeof(torch).Assembly)
                yield return member;
        }
    }

    /// <summary>Returns whether a member of TorchSharp calls one that returns a scalar, itself or by what it calls of tensors.</summary>
    private static bool MakesScalars(MethodBase member, int depth = 3) => Calls(member).Any(called =>
        (called as MethodInfo)?.ReturnType == typeof(Scalar)
        || (depth > 0 && (called.DeclaringType == typeof(torch.Tensor) || called.DeclaringType == typeof(torch))
            && MakesScalars(called, depth - 1)));

    private static IEnumerable<MethodBase> Calls(MethodBase member)
    {
        byte[] code = member.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int i = 0; i + sizeof(int) < code.Length; i++)
        {
            int token = BitConverter.ToInt32(code, i + 1);
            if (code[i] is not (Call or CallVirtual) || token >> 24 is not (MethodDefinition >> 24 or MemberReference >> 24))
                continue;
            MethodBase? called = null;
            try
            {
                called = member.Module.ResolveMethod(token, Arguments, Arguments);
            }
            catch (Exception e) when (e is ArgumentException or TypeLoadException or BadImageFormatException)
            {
                // The byte was not the opcode, but a part of another.
            }

            if (called?.DeclaringType?.Assembly == typeof(torch).Assembly)
                yield return called;
        }
    }
}
