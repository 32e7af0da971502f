using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace IotBus.DevHost.Replay;

/// <summary>
/// Posts batches and repeats what was not acknowledged, with the same identifiers, for as long as the options' patience lasts without any progress.
/// Thread-safe.
/// </summary>
internal sealed class EventSender(HttpClient http, ReplayOptions options, Tally tally, Action<string> notice, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private int _answered;

    /// <exception cref="ReplayFailedException">The Api refuses the request for good, or has taken nothing of it within the patience.</exception>
    public async Task SendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var progress = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var count = batch.Count;
            var (wait, reason) = await TryAsync(batch, attempt, cancellationToken);
            if (reason is null)
                return;

            if (batch.Count < count)
                (progress, attempt) = (clock.GetTimestamp(), 1);
            else if (clock.GetElapsedTime(progress) + wait > options.Patience)
                throw new ReplayFailedException($"{reason} Gave up after {options.Patience.TotalMinutes:0.#} min.");

            notice($"{reason} Trying again in {wait.TotalSeconds:0.#} s.");
            await Task.Delay(wait, clock, cancellationToken);
        }
    }

    /// <returns>No reason when every line has been decided, else why not, and how long to wait; then the batch holds what is left.</returns>
    private async Task<(TimeSpan Wait, string? Reason)> TryAsync(EventBatch batch, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, "events"));
            request.Headers.Add("apikey", options.ApiKey);
            request.Content = new ReadOnlyMemoryContent(batch.Json);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var response = await http.SendAsync(request, cancellationToken);
            Volatile.Write(ref _answered, 1);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var left = Count(batch, body);
            return response.StatusCode switch
            {
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout =>
                    (RetryAfter(response, attempt), $"The Api answers {(int)response.StatusCode}."),
                _ when left == 0 => default,
                HttpStatusCode.OK => throw new ReplayFailedException($"The Api's answer does not add up: {left} of the lines are missing in it."),
                _ => throw Refused(response.StatusCode, body),
            };
        }
        catch (HttpRequestException e) when (Volatile.Read(ref _answered) == 0 && e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            throw new ReplayFailedException($"Nothing answers at {options.Api}. Start the system with ./iotbus up, or say where it is with --url.", e);
        }
        catch (HttpRequestException e)
        {
            return (Backoff(attempt), $"The Api cannot be reached ({e.HttpRequestError}).");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Backoff(attempt), "The Api did not answer in time.");
        }
    }

    /// <summary>Counts what the answer decided and leaves the rest in the batch. An answer that is not the Api's decides nothing.</summary>
    /// <returns>How many lines are left.</returns>
    private int Count(EventBatch batch, string body)
    {
        if (Read(body) is not { } answer || !answer.AddsUpTo(batch.Count))
            return batch.Count;

        tally.Accept(answer.Accepted);
        tally.Reject(answer.Rejected, answer.Errors.Where(error => !error.Retry).Select(error => new RowError(batch.FileLine(error.Line), error.Error)));
        batch.KeepUnacknowledged(answer);
        return batch.Count;
    }

    private static IngestionAnswer? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<IngestionAnswer>(body);
        }
        catch (JsonException)
        {
            // A gateway's words, or a refusal of the whole request.
            return null;
        }
    }

    private static ReplayFailedException Refused(HttpStatusCode status, string body)
    {
        var hint = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? " Give a key that may send for these devices with --apikey."
            : "";
        var text = body.Trim();
        return new ReplayFailedException($"The Api refuses the readings: {(int)status} {(text.Length <= 500 ? text : text[..500] + "…")}{hint}");
    }

    private TimeSpan RetryAfter(HttpResponseMessage response, int attempt)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => Backoff(attempt),
        };
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > LongestWait ? LongestWait : asked;
    }

    /// <summary>Doubles from 250 ms to 30 s.</summary>
    private static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestWait.TotalMilliseconds, 250 * Math.Pow(2, Math.Min(attempt, 10) - 1)));
}
