using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace IotBus.Processors.Documentation;

/// <summary>What endpoints take and answer, in the OpenAPI document.</summary>
internal static class EndpointDocumentation
{
    private const string Json = "application/json";

    /// <summary>An answer with a body, and an example of it.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string description, string example) =>
        endpoint.Produces<T>(status).Describes(status, description, example);

    /// <summary>A refusal as problem+json.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, int status, string description) =>
        (status == StatusCodes.Status400BadRequest ? endpoint.ProducesValidationProblem() : endpoint.ProducesProblem(status)).Describes(status, description);

    /// <summary>That the store is away, which whatever asks it may answer.</summary>
    public static RouteHandlerBuilder RefusesWithoutStore(this RouteHandlerBuilder endpoint) =>
        endpoint.Refuses(StatusCodes.Status503ServiceUnavailable, "The store does not answer; whether a command was taken is not known. Give it again.");

    /// <summary>An answer without a body.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.Produces(status).Describes(status, description);

    /// <summary>The body that the endpoint reads itself, within its own bounds.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string example) =>
        endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) => operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new OpenApiMediaType
                {
                    Schema = await context.GetOrCreateSchemaAsync(typeof(T), cancellationToken: cancellationToken).ConfigureAwait(false),
                    Example = JsonNode.Parse(example),
                },
            },
        });

    private static RouteHandlerBuilder Describes(this RouteHandlerBuilder endpoint, int status, string description, string? example = null) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Responses?.TryGetValue($"{status}", out var answer) is not true)
                return Task.CompletedTask;

            answer.Description = description;
            if (example is not null && answer.Content?.TryGetValue(Json, out var content) is true)
                content.Example = JsonNode.Parse(example);

            return Task.CompletedTask;
        });
}
