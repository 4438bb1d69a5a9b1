using System.Reflection;
using RnnLm.TorchSharp.Devices;

namespace RnnLm.TorchSharp.Tests;

/// <summary>
/// Holds the list of TorchSharp's members that our assembly uses. Each is in the oldest TorchSharp that we say we run with
/// (docs/compatibility.md); look a new one up there, with its parameters, before it is added to the list.
/// </summary>
public sealed class TorchSharpMembersTests
{
    private const int MemberReference = 0x0A000000;

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

    /// <summary>Resolves each reference to a member; one that is not there throws.</summary>
    private static IEnumerable<string> Used()
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
                yield return $"{member.DeclaringType}: {member}";
        }
    }
}
