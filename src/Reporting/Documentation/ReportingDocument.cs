using System.Globalization;
using System.Reflection;
using IotBus.ServiceDefaults.Edge;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IotBus.Reporting.Documentation;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>; the same text is committed as <c>openapi.json</c>.</summary>
internal static class ReportingDocument
{
    public static void AddReportingDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(ShowParametersAsync);
        options.AddOperationTransformer(ShowRefusalsAsync);
    });

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "IotBus Reporting",
            Version = "v1",
            Description = "What operators read: metrics, the last known state of devices, and their readings over time. All times are UTC.",
        };
        document.RequireKey();
        return Task.CompletedTask;
    }

    private static Task ShowParametersAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var description in context.Description.ParameterDescriptions)
        {
            var example = (description.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo.GetCustomAttribute<ExampleAttribute>();
            var parameter = operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == description.Name);
            if (example is null || parameter is null)
                continue;

            parameter.Example = example.IsNumber ? int.Parse(example.Value, CultureInfo.InvariantCulture) : example.Value;
            parameter.Schema = new OpenApiSchema
            {
                Type = example.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String,
                Format = example.Format,
                Pattern = example.Pattern,
                Minimum = example.IsNumber ? example.Minimum.ToString(CultureInfo.InvariantCulture) : null,
                Maximum = example.IsNumber ? example.Maximum.ToString(CultureInfo.InvariantCulture) : null,
            };
        }

        return Task.CompletedTask;
    }

    /// <summary>What every endpoint may answer beside its own: the edge's refusals, and that the store is away.</summary>
    private static Task ShowRefusalsAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        operation.Responses["401"] = new OpenApiResponse { Description = "There is no apikey header, or its key is not known." };
        operation.Responses["403"] = new OpenApiResponse { Description = "The key belongs to neither an operator nor a gateway." };
        operation.Responses["429"] = new OpenApiResponse { Description = "Too many requests a second; Retry-After says when to go on.", Headers = RetryAfter() };
        if (operation.Responses.TryGetValue("400", out var invalid))
            invalid.Description = "A parameter is unknown, given twice or not valid; errors names each.";

        if (operation.Responses.TryGetValue("503", out var unavailable) && unavailable is OpenApiResponse response)
        {
            response.Description = "The store does not answer; Retry-After says when to ask again.";
            response.Headers = RetryAfter();
        }

        return Task.CompletedTask;
    }

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        },
    };
}
