using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace IotBus.Api.OpenApi;

/// <summary>Puts examples of requests and answers into the document, and what each answer means.</summary>
internal static class AnswerExamples
{
    public const string ProblemType = "application/problem+json";

    /// <summary>
    /// Describes the body that an endpoint reads. Metadata for it would let routing answer 415 with an empty body, before the endpoint
    /// could say what it wants.
    /// </summary>
    public static RouteHandlerBuilder WithRequest<TRequest>(this RouteHandlerBuilder endpoint, string json) =>
        endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var name = typeof(TRequest).Name;
            var schema = await context.GetOrCreateSchemaAsync(typeof(TRequest), cancellationToken: cancellationToken);
            context.Document!.AddComponent(name, schema);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = new OpenApiSchemaReference(name, context.Document), Example = JsonNode.Parse(json) },
                },
            };
        });

    /// <summary>Describes an answer and shows one. Its schema stays the one that the endpoint's result has.</summary>
    public static RouteHandlerBuilder WithAnswer(
        this RouteHandlerBuilder endpoint, int status, string description, string json, string? header = null, string? headerDescription = null) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses ??= [];
            var key = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var answer = operation.Responses.TryGetValue(key, out var known) && known is OpenApiResponse response
                ? response
                : Of(description, ProblemType, json);
            answer.Description = description;
            foreach (var content in answer.Content?.Values ?? [])
                content.Example = JsonNode.Parse(json);

            if (header is not null)
            {
                answer.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    [header] = new OpenApiHeader { Description = headerDescription, Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
                };
            }

            operation.Responses[key] = answer;
            return Task.CompletedTask;
        });

    public static OpenApiResponse Of(string description, string mediaType, string json) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [mediaType] = new OpenApiMediaType { Example = JsonNode.Parse(json) } },
    };
}
