using System.Text.Json.Nodes;

namespace IotBus.Reporting.Documentation;

internal static class Examples
{
    /// <summary>Shows what the endpoint answers, in the OpenAPI document.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder endpoint, string json) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Responses?.TryGetValue("200", out var answer) is true && answer.Content is not null)
            {
                foreach (var content in answer.Content.Values)
                    content.Example = JsonNode.Parse(json);
            }

            return Task.CompletedTask;
        });
}
