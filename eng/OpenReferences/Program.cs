// Copies an assembly for the compiler only. Usage: OpenReferences SOURCE.dll DESTINATION.dll [VERSION]
// Without a version the copy has its visibility opened: internal becomes public, private protected becomes protected; private stays
// private. With one, such as 1.2.3.0, the copy has that version and nothing else is changed.

using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

byte[] image = File.ReadAllBytes(args[0]);
using var assembly = new PEReader([.. image]);
MetadataReader metadata = assembly.GetMetadataReader();

if (args is [_, _, string version])
{
    SetVersion(Version.Parse(version));
    Save();
    return;
}

// Where the flags stand in a row of each table: ECMA-335, II.22.37 (TypeDef), II.22.26 (MethodDef: after a 4-byte address and 2 bytes of
// implementation flags) and II.22.15 (Field). The visibility is in the low three bits of the first two bytes.
Open(TableIndex.TypeDef, 0, visibility => (TypeAttributes)visibility switch
{
    TypeAttributes.NotPublic => (int)TypeAttributes.Public,
    TypeAttributes.NestedAssembly => (int)TypeAttributes.NestedPublic,
    TypeAttributes.NestedFamANDAssem => (int)TypeAttributes.NestedFamily,
    _ => visibility,
});
Open(TableIndex.MethodDef, 6, OpenMember);
Open(TableIndex.Field, 0, OpenMember);

Save();

void Save()
{
    string destination = Path.GetFullPath(args[1]);
    Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
    string beside = $"{destination}.{Environment.ProcessId}";
    File.WriteAllBytes(beside, image);
    File.Move(beside, destination, overwrite: true);
}

// The version follows the 4-byte hash algorithm in the one row of the table: ECMA-335, II.22.2 (Assembly).
void SetVersion(Version version)
{
    int row = assembly.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.Assembly) + 4;
    int[] numbers = [version.Major, version.Minor, version.Build, version.Revision];
    for (int i = 0; i < numbers.Length; i++)
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(row + (2 * i), 2), (ushort)numbers[i]);
}

void Open(TableIndex table, int offset, Func<int, int> open)
{
    int row = assembly.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(table) + offset;
    for (int i = 0; i < metadata.GetTableRowCount(table); i++, row += metadata.GetTableRowSize(table))
    {
        Span<byte> flags = image.AsSpan(row, 2);
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(flags);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)((value & ~7) | open(value & 7)));
    }
}

static int OpenMember(int visibility) => (MethodAttributes)visibility switch
{
    MethodAttributes.Assembly => (int)MethodAttributes.Public,
    MethodAttributes.FamANDAssem => (int)MethodAttributes.Family,
    _ => visibility,
};
