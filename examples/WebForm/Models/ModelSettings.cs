namespace WebForm.Models;

/// <summary>The models that are served, by name: the section Models of appsettings.json.</summary>
internal sealed class ModelSettings() : Dictionary<string, ModelSetting>(StringComparer.OrdinalIgnoreCase);
