using System.Text.Json;
using IotBus.Api.Events;
using IotBus.Api.OpenApi;
using IotBus.Api.Problems;
using IotBus.Api.Producing;
using IotBus.ServiceDefaults.Edge;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IotBus.Api.Batches;

/// <summary>Where gateways send many events at a time, one JSON object a line.</summary>
internal static class BatchEndpoints
{
    private static readonly string[] MediaTypes = ["application/x-ndjson", "application/jsonl", "application/ndjson"];

    public static void MapBatches(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/events", RecordBatchAsync)
            .WithTags("Events")
            .WithName("RecordBatch")
            .WithSummary("Records many events, one JSON object a line")
            .WithBatchDocumentation(MediaTypes);

    private static async Task<Results<Ok<BatchAnswer>, ProblemHttpResult>> RecordBatchAsync(
        HttpContext context, EventProducer producer, IngestionMetrics metrics, IOptions<BatchOptions> options, TimeProvider time)
    {
        if (Precheck(context.Request) is { } refusal)
        {
            metrics.Rejected(refusal.Reason);
            return refusal.Answer;
        }

        var batch = new BatchReader(producer, options.Value, context.Consumer(), time);
        try
        {
            await batch.ReadAsync(context.Request.BodyReader);
        }
        finally
        {
            batch.Tally.Report(metrics);
        }

        return Answer(context, batch);
    }

    private static Refusal? Precheck(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !MediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            || !EventBody.IsUtf8(type)
            || !StringValues.IsNullOrEmpty(request.Headers.ContentEncoding))
        {
            return new Refusal(RejectionReasons.UnsupportedMediaType, Problem.Of(
                StatusCodes.Status415UnsupportedMediaType,
                "The body must be one JSON object a line: send Content-Type: application/x-ndjson, in UTF-8 and without Content-Encoding."));
        }

        return request.ContentLength > EventLimits.MaxBatchBytes
            ? new Refusal(RejectionReasons.TooLarge, Problem.Of(
                StatusCodes.Status413PayloadTooLarge, TooManyBytes, Members(new BatchAnswer { Accepted = 0, Rejected = 0, Errors = [], ResumeFromLine = 1 })))
            : null;
    }

    private static Results<Ok<BatchAnswer>, ProblemHttpResult> Answer(HttpContext context, BatchReader batch)
    {
        var tally = batch.Tally;
        var answer = tally.ToAnswer(resumeFromLine: batch.End == BatchEnd.Complete ? null : batch.Line);
        if (tally.Unacknowledged > 0)
        {
            Problem.RetryAfter(context, tally.RetryAfter);
            return Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                "Kafka has not acknowledged every event. Send the lines marked retry again, with the event_id given there, and those from resume_from_line on.",
                Members(answer));
        }

        return batch.End switch
        {
            BatchEnd.TooManyBytes => Problem.Of(StatusCodes.Status413PayloadTooLarge, TooManyBytes, Members(answer)),
            BatchEnd.TooManyEvents => Problem.Of(StatusCodes.Status413PayloadTooLarge, TooManyEvents, Members(answer)),
            BatchEnd.Disconnected => Problem.Of(StatusCodes.Status400BadRequest, "The body broke off.", Members(answer)),
            _ when answer is { Accepted: 0, Rejected: > 0 } => Problem.Of(
                StatusCodes.Status400BadRequest, "No line was accepted: see errors.", Members(answer)),
            _ => TypedResults.Ok(answer),
        };
    }

    private static string TooManyBytes =>
        $"A batch has at most {EventLimits.MaxBatchBytes / (1024 * 1024)} MiB. What came before has been recorded: send the lines from resume_from_line on.";

    private static string TooManyEvents =>
        $"A batch has at most {EventLimits.MaxBatchEvents} events. What came before has been recorded: send the lines from resume_from_line on.";

    /// <summary>A problem tells the same as the answer to a batch that went well, beside what went wrong.</summary>
    private static Dictionary<string, object?> Members(BatchAnswer answer)
    {
        var members = new Dictionary<string, object?>();
        foreach (var member in JsonSerializer.SerializeToElement(answer, ApiJsonContext.Default.BatchAnswer).EnumerateObject())
            members[member.Name] = member.Value;

        return members;
    }
}
