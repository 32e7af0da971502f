namespace IotBus.Reporting.Documentation;

/// <summary>An example of a parameter, and what its text means, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class ExampleAttribute(string value) : Attribute
{
    public string Value { get; } = value;

    /// <summary>The OpenAPI format of the text, such as <c>date-time</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Bounds of a whole number; it is none where both are zero.</summary>
    public int Minimum { get; init; }

    public int Maximum { get; init; }

    public bool IsNumber => Maximum > 0;

    /// <summary>A regular expression (ECMA-262) that the text matches.</summary>
    public string? Pattern { get; init; }
}
