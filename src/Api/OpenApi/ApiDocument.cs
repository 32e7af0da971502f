using IotBus.ServiceDefaults.Edge;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IotBus.Api.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>; the same text is committed as <c>openapi.json</c>.</summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this WebApplicationBuilder builder) => builder.Services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = MemberSchemas.ReferenceId;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddSchemaTransformer(MemberSchemas.DescribeAsync);
        options.AddOperationTransformer(EdgeAnswersAsync);
    });

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "IotBus Api",
            Version = "v1",
            Description = "Takes events from devices. An answer of 200 means that the event is on Kafka, acknowledged by all in-sync replicas; the same event_id sent "
                + "again has no further effect, so an event without an answer may always be sent again.",
        };
        document.RequireKey(
            $"The key of a consumer. One of the group {EdgeGroups.Device} may send only for the device of its own name, one of {EdgeGroups.Gateway} for any.");
        return Task.CompletedTask;
    }

    /// <summary>What the edge answers in place of every endpoint, in Kong's words.</summary>
    private static Task EdgeAnswersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        operation.Responses["401"] = AnswerExamples.Of(
            "There is no apikey header, or its key is not known.", "application/json", """{"message":"No API key found in request"}""");
        var tooMany = AnswerExamples.Of(
            "Too many requests in this second.", "application/json", """{"message":"API rate limit exceeded"}""");
        tooMany.Headers = RateHeaders();
        operation.Responses["429"] = tooMany;
        return Task.CompletedTask;
    }

    private static Dictionary<string, IOpenApiHeader> RateHeaders() => new()
    {
        ["RateLimit-Limit"] = Seconds("Requests a second."),
        ["RateLimit-Remaining"] = Seconds("Requests left in this second."),
        ["RateLimit-Reset"] = Seconds("Seconds until the next."),
        ["Retry-After"] = Seconds("Seconds to wait."),
    };

    private static OpenApiHeader Seconds(string description) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
    };
}
