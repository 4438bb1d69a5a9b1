// Copies an assembly and opens its visibility: internal becomes public, private protected becomes protected; private stays private. The copy is
// for the compiler only. Usage: OpenReferences SOURCE.dll DESTINATION.dll

using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

byte[] image = File.ReadAllBytes(args[0]);
using var assembly = new PEReader([.. image]);
MetadataReader metadata = assembly.GetMetadataReader();

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

string destination = Path.GetFullPath(args[1]);
Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
string beside = $"{destination}.{Environment.ProcessId}";
File.WriteAllBytes(beside, image);
File.Move(beside, destination, overwrite: true);

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
