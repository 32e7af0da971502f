using Microsoft.OpenApi;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>What the OpenAPI document of every service behind the edge says.</summary>
public static class EdgeDocument
{
    private const string KeyScheme = "apikey";

    /// <summary>Says that each request needs a key, and not where the document was asked for, which is no part of it.</summary>
    /// <param name="document">The document.</param>
    /// <param name="description">Whose key may do what; null when nothing is to be said.</param>
    public static void RequireKey(this OpenApiDocument document, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = KeyScheme,
                Description = description,
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }];
    }
}
