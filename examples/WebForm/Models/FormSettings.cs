using System.ComponentModel.DataAnnotations;

namespace WebForm.Models;

/// <summary>The settings at the top of appsettings.json.</summary>
internal sealed class FormSettings
{
    /// <summary>Gets or sets whether the models of the demonstration are trained at the start where they are missing.</summary>
    public bool Demonstration { get; set; }

    /// <summary>Gets or sets how often the models' files are looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);
}
