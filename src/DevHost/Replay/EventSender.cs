using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace IotBus.DevHost.Replay;

/// <summary>
/// Posts batches and repeats those that were not acknowledged, with the same identifiers, for as long as the options' patience lasts.
/// Thread-safe.
/// </summary>
internal sealed class EventSender(HttpClient http, ReplayOptions options, Tally tally, Action<string> notice, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private int _answered;

    /// <exception cref="ReplayFailedException">The Api refuses the request for good, or has not taken it within the patience.</exception>
    public async Task SendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (wait, reason) = await TryAsync(batch, attempt, cancellationToken);
            if (reason is null)
                return;

            if (clock.GetElapsedTime(started) + wait > options.Patience)
                throw new ReplayFailedException($"{reason} Gave up after {options.Patience.TotalMinutes:0.#} min.");

            notice($"{reason} Trying again in {wait.TotalSeconds:0.#} s.");
            await Task.Delay(wait, clock, cancellationToken);
        }
    }

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
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
                or HttpStatusCode.GatewayTimeout)
                return (RetryAfter(response, attempt), $"The Api answers {(int)response.StatusCode}.");

            if (!response.IsSuccessStatusCode)
                throw await RefusedAsync(response, cancellationToken);

            Count(batch, await response.Content.ReadFromJsonAsync<IngestionAnswer>(cancellationToken));
            return default;
        }
        catch (JsonException e)
        {
            throw new ReplayFailedException($"{options.Api} does not answer as the Api does: {e.Message}", e);
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

    private void Count(EventBatch batch, IngestionAnswer? answer)
    {
        if (answer is null || answer.Accepted + answer.Rejected != batch.Count)
        {
            throw new ReplayFailedException(
                $"The Api's answer does not add up: {answer?.Accepted} accepted and {answer?.Rejected} rejected of {batch.Count}.");
        }

        tally.Accept(answer.Accepted);
        tally.Reject(answer.Rejected, (answer.Errors ?? []).Select(e => new RowError(batch.FileLine(e.Line), e.Error)));
    }

    private static async Task<ReplayFailedException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
        var hint = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? " Give a key that may send for these devices with --apikey."
            : "";
        return new ReplayFailedException(
            $"The Api refuses the readings: {(int)response.StatusCode} {(body.Length <= 500 ? body : body[..500] + "…")}{hint}");
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
