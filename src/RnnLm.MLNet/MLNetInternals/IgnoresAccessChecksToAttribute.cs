namespace System.Runtime.CompilerServices;

/// <summary>Tells the runtime, which knows the attribute by its name, that this assembly may use the internal members of another.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
