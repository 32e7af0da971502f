using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace IotBus.Api.OpenApi;

/// <summary>Documents the endpoint that records many events.</summary>
internal static class BatchDocumentation
{
    private const string Lines =
        """
        {"type":"telemetry","device_id":"sensor-42","zone_id":"warehouse-A","temperature":24.5,"humidity":45}
        {"type":"alert","device_id":"sensor-42","error_code":"OVERHEAT","severity":"high"}

        """;

    private const string PartlyAccepted =
        """
        {"accepted":1,"rejected":1,"errors":[{"line":2,"event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f","error":"Missing fields: ['error_code']",
        "errors":{"error_code":["error_code is required."]}}]}
        """;

    private const string NoneAccepted =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"Bad Request","status":400,"detail":"No line was accepted: see errors.",
        "accepted":0,"rejected":1,"errors":[{"line":1,"error":"The line must be a JSON object."}],"error":"No line was accepted: see errors."}
        """;

    private const string TooLarge =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.14","title":"Content Too Large","status":413,
        "detail":"A batch has at most 50000 events. What came before has been recorded: send the lines from resume_from_line on.",
        "accepted":50000,"rejected":0,"resume_from_line":50001,"errors":[],
        "error":"A batch has at most 50000 events. What came before has been recorded: send the lines from resume_from_line on."}
        """;

    private const string WrongType =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.16","title":"Unsupported Media Type","status":415,
        "detail":"The body must be one JSON object a line: send Content-Type: application/x-ndjson, in UTF-8 and without Content-Encoding.",
        "error":"The body must be one JSON object a line: send Content-Type: application/x-ndjson, in UTF-8 and without Content-Encoding."}
        """;

    private const string Unacknowledged =
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,
        "detail":"Kafka has not acknowledged every event. Send the lines marked retry again, with the event_id given there, and those from resume_from_line on.",
        "accepted":118,"rejected":0,"unacknowledged":1,"resume_from_line":120,
        "errors":[{"line":119,"event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f",
        "error":"Kafka has not acknowledged the event in time. It may or may not be recorded: send it again with the same event_id.","retry":true}],
        "error":"Kafka has not acknowledged every event. Send the lines marked retry again, with the event_id given there, and those from resume_from_line on."}
        """;

    public static RouteHandlerBuilder WithBatchDocumentation(this RouteHandlerBuilder endpoint, IEnumerable<string> mediaTypes) =>
        endpoint
            .WithDescription("""
                One JSON object a line, with the members of the single requests and a member type: boot, telemetry, firmware_update or alert. Lines are recorded as they
                arrive, in their order; one that breaks a rule is left out and described, and the rest goes on. Blank lines are skipped and count only
                towards the 8 MiB, a line has at most 16 KiB. Reading stops at the batch's bounds (8 MiB, 50,000 lines that are not blank) and at the first event that Kafka does not acknowledge: resume_from_line then names the first line
                that was not looked at, and everything before it is in the counts. At most 1,000 rejected lines are described; errors_omitted counts the others.
                """.ReplaceLineEndings(" "))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Description = "NDJSON in UTF-8.",
                    Content = mediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                        Example = JsonValue.Create(Lines),
                    }),
                };
                return Task.CompletedTask;
            })
            .WithAnswer(200, "At least one line was accepted, or there was none.", PartlyAccepted)
            .WithAnswer(400, "Every line was rejected.", NoneAccepted)
            .WithAnswer(413, "The batch has over 8 MiB or 50,000 events.", TooLarge)
            .WithAnswer(415, "The body is not NDJSON in UTF-8.", WrongType)
            .WithAnswer(503, "Kafka has not acknowledged every event.", Unacknowledged, "Retry-After", "Seconds to wait.");
}
