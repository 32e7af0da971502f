using IotBus.ServiceDefaults.Edge;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IotBus.Processors.Documentation;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>; the same text is committed as <c>openapi.json</c>.</summary>
internal static class ProcessorsDocument
{
    public static void AddProcessorsDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(ShowRefusalsAsync);
    });

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "IotBus Processors",
            Version = "v1",
            Description = "What operators command: firmware rollouts, and taking devices out of service. A command that was accepted is carried out, whatever dies meanwhile; "
                + "given again with the same identifier it has no further effect. All times are UTC.",
        };
        document.RequireKey();
        return Task.CompletedTask;
    }

    /// <summary>The edge's refusals, which every endpoint shares, and how long to wait where the answer says so.</summary>
    private static Task ShowRefusalsAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        operation.Responses["401"] = new OpenApiResponse { Description = "There is no apikey header, or its key is not known." };
        operation.Responses["403"] = new OpenApiResponse { Description = "The key belongs to neither an operator nor a gateway." };
        operation.Responses["429"] = new OpenApiResponse { Description = "Too many requests a second." };
        foreach (var status in new[] { "429", "503" })
        {
            if (operation.Responses.TryGetValue(status, out var answer) && answer is OpenApiResponse response)
                response.Headers = RetryAfter();
        }

        return Task.CompletedTask;
    }

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
    };
}
