using Microsoft.OpenApi;

namespace IotBus.Api.OpenApi;

/// <summary>Documents the endpoints that record one event: they differ in their example and in nothing else.</summary>
internal static class EventDocumentation
{
    private const string Invalid =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"Bad Request","status":400,"detail":"Missing fields: ['device_id']",
        "errors":{"device_id":["device_id is required."]},"error":"Missing fields: ['device_id']"}
        """;

    private const string Forbidden =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.4","title":"Forbidden","status":403,
        "detail":"The consumer 'sensor-41' may send only for the device of its own name, not for 'sensor-42'.",
        "error":"The consumer 'sensor-41' may send only for the device of its own name, not for 'sensor-42'."}
        """;

    private const string TooLarge =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.14","title":"Content Too Large","status":413,
        "detail":"An event has at most 16 KiB.","error":"An event has at most 16 KiB."}
        """;

    private const string WrongType =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.16","title":"Unsupported Media Type","status":415,
        "detail":"The body must be JSON: send Content-Type: application/json, in UTF-8 and without Content-Encoding.",
        "error":"The body must be JSON: send Content-Type: application/json, in UTF-8 and without Content-Encoding."}
        """;

    private const string Unacknowledged =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,
        "detail":"Kafka has not acknowledged the event in time. It may or may not be recorded: send it again with the same event_id.",
        "event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f",
        "error":"Kafka has not acknowledged the event in time. It may or may not be recorded: send it again with the same event_id."}
        """;

    public static RouteHandlerBuilder WithEventDocumentation<TRequest>(this RouteHandlerBuilder endpoint, EventExample example) =>
        endpoint
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithRequest<TRequest>(example.Request)
            .WithAnswer(200, "The event is on Kafka, acknowledged by all in-sync replicas.", example.Answer)
            .WithAnswer(400, "The body is no JSON object, or members break rules: errors names each of them and the rule.", Invalid)
            .WithAnswer(403, "The key belongs to a device, and the event is about another.", Forbidden)
            .WithAnswer(413, "The event has over 16 KiB.", TooLarge)
            .WithAnswer(415, "The body is not JSON in UTF-8.", WrongType)
            .WithAnswer(503, "Kafka has not acknowledged the event. Send it again with the event_id given here.", Unacknowledged, "Retry-After", "Seconds to wait.")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = "Idempotency-Key",
                    In = ParameterLocation.Header,
                    Description = "Stands for event_id in the body. When both are sent they must be equal.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
                });
                return Task.CompletedTask;
            });
}
