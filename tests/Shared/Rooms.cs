using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace RnnLm.Tests;

/// <summary>
/// The folders of a project and which of them use which, read from the compiled assembly: a type's folder from its debug information, what
/// it uses from its signatures and its code. Constants that the compiler copies leave no trace.
/// </summary>
public sealed class Rooms
{
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value, code => code.OperandType);

    private readonly MetadataReader _metadata;
    private readonly Dictionary<TypeDefinitionHandle, string> _roomByType = [];
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _arrows = new(StringComparer.Ordinal);

    private Rooms(PEReader assembly, MetadataReader metadata, MetadataReader symbols, string project)
    {
        _metadata = metadata;
        foreach (TypeDefinitionHandle type in metadata.TypeDefinitions)
        {
            if (metadata.GetTypeDefinition(type).GetDeclaringType().IsNil && FindFolder(type, symbols, project) is { } folder)
                _roomByType[type] = folder;
        }

        Types = [.. _roomByType.Select(pair => Describe(metadata.GetTypeDefinition(pair.Key), pair.Value))];
        foreach (TypeDefinitionHandle type in metadata.TypeDefinitions)
        {
            if (!_roomByType.TryGetValue(Outermost(type), out string? from))
                continue;
            foreach (TypeDefinitionHandle used in Uses(type, assembly))
            {
                if (_roomByType.TryGetValue(Outermost(used), out string? to) && to != from)
                    ArrowsFrom(from).TryAdd(to, $"{Name(Outermost(type))} uses {Name(Outermost(used))}");
            }
        }
    }

    /// <summary>Gets, for each folder, the folders it uses, each with one example.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, string>> Arrows => _arrows;

    /// <summary>Gets each type's full name with its folder and whether other assemblies see it.</summary>
    public IReadOnlyList<(string Namespace, string Name, string Folder, bool IsPublic)> Types { get; }

    /// <summary>Reads the assembly that a type is in.</summary>
    public static Rooms Of(Type type)
    {
        string path = type.Assembly.Location;
        using var assembly = new PEReader(File.OpenRead(path));
        using MetadataReaderProvider symbols =
            MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(path, ".pdb")));
        return new Rooms(assembly, assembly.GetMetadataReader(), symbols.GetMetadataReader(), type.Assembly.GetName().Name!);
    }

    /// <summary>Returns circles: groups of folders, each of which uses every other by some way. One line an arrow within them.</summary>
    public IReadOnlyList<string> Circles()
    {
        var reach = _arrows.Keys.ToDictionary(room => room, Reach, StringComparer.Ordinal);
        return [.. _arrows.SelectMany(room => room.Value
            .Where(arrow => reach.TryGetValue(arrow.Key, out HashSet<string>? back) && back.Contains(room.Key))
            .Select(arrow => $"{room.Key} -> {arrow.Key}: {arrow.Value}"))];
    }

    /// <summary>Returns the types that are not where they belong: internal ones in the namespace of their folder, public ones in the
    /// library's.</summary>
    /// <param name="library">The library's namespace.</param>
    public IReadOnlyList<string> Strays(string library) =>
    [
        // The program's first lines have no namespace; a type in one of the system's has the name by which the runtime knows it.
        .. Types.Where(type => type.Namespace.Length > 0 && !type.Namespace.StartsWith("System", StringComparison.Ordinal)
                && type.Namespace != (type.IsPublic || type.Folder.Length == 0 ? library : $"{library}.{type.Folder.Replace('/', '.')}"))
            .Select(type => $"{type.Folder}/{type.Name} is in the namespace {type.Namespace}"),
    ];

    private (string Namespace, string Name, string Folder, bool IsPublic) Describe(TypeDefinition type, string folder) =>
        (_metadata.GetString(type.Namespace), _metadata.GetString(type.Name), folder,
        (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public);

    private HashSet<string> Reach(string room)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([room]);
        while (open.TryPop(out string? next))
        {
            foreach (string to in _arrows.TryGetValue(next, out SortedDictionary<string, string>? uses)
                ? uses.Keys
                : Enumerable.Empty<string>())
            {
                if (seen.Add(to))
                    open.Push(to);
            }
        }

        return seen;
    }

    private SortedDictionary<string, string> ArrowsFrom(string room)
    {
        if (!_arrows.TryGetValue(room, out SortedDictionary<string, string>? arrows))
            _arrows[room] = arrows = new(StringComparer.Ordinal);
        return arrows;
    }

    private string? FindFolder(TypeDefinitionHandle type, MetadataReader symbols, string project)
    {
        foreach (DocumentHandle handle in Documents(type, symbols))
        {
            string path = symbols.GetString(symbols.GetDocument(handle).Name).Replace('\\', '/');
            int at = path.LastIndexOf($"/src/{project}/", StringComparison.Ordinal);
            if (at >= 0 && !path.Contains("/obj/", StringComparison.Ordinal))
                return Path.GetDirectoryName(path[(at + project.Length + 6)..])!.Replace('\\', '/');
        }

        return null;
    }

    // A type without code has its documents listed; another's are those of its methods.
    private IEnumerable<DocumentHandle> Documents(TypeDefinitionHandle type, MetadataReader symbols)
    {
        foreach (CustomDebugInformationHandle handle in symbols.GetCustomDebugInformation(type))
        {
            CustomDebugInformation information = symbols.GetCustomDebugInformation(handle);
            if (symbols.GetGuid(information.Kind) != TypeDefinitionDocuments)
                continue;
            BlobReader blob = symbols.GetBlobReader(information.Value);
            while (blob.RemainingBytes > 0)
                yield return MetadataTokens.DocumentHandle(blob.ReadCompressedInteger());
        }

        foreach (MethodDefinitionHandle method in _metadata.GetTypeDefinition(type).GetMethods())
        {
            MethodDebugInformation information = symbols.GetMethodDebugInformation(method);
            if (!information.Document.IsNil)
                yield return information.Document;
        }
    }

    private TypeDefinitionHandle Outermost(TypeDefinitionHandle type)
    {
        while (_metadata.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } outer)
            type = outer;
        return type;
    }

    private string Name(TypeDefinitionHandle type) => _metadata.GetString(_metadata.GetTypeDefinition(type).Name);

    private HashSet<TypeDefinitionHandle> Uses(TypeDefinitionHandle handle, PEReader assembly)
    {
        var found = new HashSet<TypeDefinitionHandle>();
        var collector = new Collector(found);
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        Add(type.BaseType);
        foreach (InterfaceImplementationHandle implementation in type.GetInterfaceImplementations())
            Add(_metadata.GetInterfaceImplementation(implementation).Interface);
        AddConstraints(type.GetGenericParameters());
        foreach (FieldDefinitionHandle field in type.GetFields())
            _metadata.GetFieldDefinition(field).DecodeSignature(collector, null);
        foreach (MethodDefinitionHandle methodHandle in type.GetMethods())
        {
            MethodDefinition method = _metadata.GetMethodDefinition(methodHandle);
            method.DecodeSignature(collector, null);
            AddConstraints(method.GetGenericParameters());
            if (method.RelativeVirtualAddress != 0)
                AddBody(assembly.GetMethodBody(method.RelativeVirtualAddress));
        }

        return found;

        void AddConstraints(GenericParameterHandleCollection parameters)
        {
            foreach (GenericParameterHandle parameter in parameters)
            {
                foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
                    Add(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }

        void AddBody(MethodBodyBlock body)
        {
            if (!body.LocalSignature.IsNil)
                _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null);
            foreach (ExceptionRegion region in body.ExceptionRegions)
                Add(region.CatchType);
            BlobReader code = body.GetILReader();
            while (code.RemainingBytes > 0)
            {
                short opcode = code.ReadByte();
                if (opcode == 0xFE)
                    opcode = unchecked((short)(0xFE00 | code.ReadByte()));
                switch (Operands[opcode])
                {
                    case OperandType.InlineNone: break;
                    case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: code.ReadByte(); break;
                    case OperandType.InlineVar: code.ReadInt16(); break;
                    case OperandType.InlineI8 or OperandType.InlineR: code.ReadInt64(); break;
                    case OperandType.InlineSwitch:
                        int targets = code.ReadInt32();
                        code.Offset += sizeof(int) * targets;
                        break;
                    case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                        Add((EntityHandle)MetadataTokens.Handle(code.ReadInt32()));
                        break;
                    default: code.ReadInt32(); break;
                }
            }
        }

        void Add(EntityHandle used)
        {
            switch (used.Kind)
            {
                case HandleKind.TypeDefinition when !used.IsNil:
                    found.Add((TypeDefinitionHandle)used);
                    break;
                case HandleKind.TypeSpecification:
                    _metadata.GetTypeSpecification((TypeSpecificationHandle)used).DecodeSignature(collector, null);
                    break;
                case HandleKind.FieldDefinition:
                    found.Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)used).GetDeclaringType());
                    break;
                case HandleKind.MethodDefinition:
                    found.Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)used).GetDeclaringType());
                    break;
                case HandleKind.MemberReference:
                    MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)used);
                    Add(member.Parent);
                    break;
                case HandleKind.MethodSpecification:
                    MethodSpecification specification = _metadata.GetMethodSpecification((MethodSpecificationHandle)used);
                    specification.DecodeSignature(collector, null);
                    Add(specification.Method);
                    break;
            }
        }
    }

    /// <summary>Walks signatures; the types of this assembly in them are collected.</summary>
    private sealed class Collector(HashSet<TypeDefinitionHandle> found) : ISignatureTypeProvider<object?, object?>
    {
        public object? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            found.Add(handle);
            return null;
        }

        public object? GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle,
            byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public object? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => null;

        public object? GetArrayType(object? elementType, ArrayShape shape) => null;

        public object? GetByReferenceType(object? elementType) => null;

        public object? GetFunctionPointerType(MethodSignature<object?> signature) => null;

        public object? GetGenericInstantiation(object? genericType, ImmutableArray<object?> typeArguments) => null;

        public object? GetGenericMethodParameter(object? genericContext, int index) => null;

        public object? GetGenericTypeParameter(object? genericContext, int index) => null;

        public object? GetModifiedType(object? modifier, object? unmodifiedType, bool isRequired) => null;

        public object? GetPinnedType(object? elementType) => null;

        public object? GetPointerType(object? elementType) => null;

        public object? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

        public object? GetSZArrayType(object? elementType) => null;
    }
}
