using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using IotBus.DevHost.Observing;

namespace IotBus.DevHost.Replay;

/// <summary>
/// Tells how many readings the reports hold for the file's zones, and how far behind the processors are. What the replay added is the difference of two counts: nobody
/// else tells how many of the acknowledged events were repeats.
/// </summary>
internal sealed class SampleCounts(HttpClient http, ReplayOptions options, IReadOnlySet<string> zones, TimeProvider clock)
{
    /// <summary>The counts must stand still for this long, with no lag, before they are taken as final.</summary>
    public static readonly TimeSpan StillFor = TimeSpan.FromSeconds(3);

    /// <summary>How long nothing may move while there is lag. Then the processors are not at work.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Why the last question was not answered.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>Says why nobody waits for an answer any more.</summary>
    public void GiveUp(string reason) => Trouble = reason;

    /// <summary>The readings that the reports hold for the file's zones, or null when Reporting cannot be asked.</summary>
    public async Task<long?> ReadAsync(CancellationToken cancellationToken)
    {
        var address = new Uri(options.Reporting, "metrics/temperature/average-by-zone");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("apikey", options.ApiKey);
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                Trouble = $"{address} answers {(int)response.StatusCode}";
                return null;
            }

            var averages = await response.Content.ReadFromJsonAsync<List<ZoneAverage>>(cancellationToken);
            return averages?.Where(average => average.Zone is not null && zones.Contains(average.Zone)).Sum(average => average.Samples);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            Trouble = $"{address} does not answer";
            return null;
        }
    }

    /// <summary>Waits until what was acknowledged has been applied.</summary>
    /// <param name="expected">The count at which nothing can be missing.</param>
    /// <param name="show">Told how it stands.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The final count; null when it cannot be told, and then <see cref="Trouble"/> says why.</returns>
    public async Task<long?> SettleAsync(long expected, Action<string> show, CancellationToken cancellationToken)
    {
        var moved = clock.GetTimestamp();
        (long? Samples, double? Lag) last = (null, null);
        while (true)
        {
            var samples = await ReadAsync(cancellationToken);
            var lag = await LagAsync(cancellationToken);
            if (samples >= expected)
                return samples;

            if (samples is null || lag is null)
                return null;

            if (!(samples, lag).Equals(last))
                moved = clock.GetTimestamp();

            last = (samples, lag);
            var still = clock.GetElapsedTime(moved);
            if (lag == 0 && still >= StillFor)
                return samples;

            if (still >= Patience)
            {
                Trouble = double.IsNaN(lag.Value)
                    ? "the processors do not tell how far behind they are"
                    : string.Create(CultureInfo.InvariantCulture, $"the processors stand still with {lag:N0} events to go");
                return null;
            }

            show(double.IsNaN(lag.Value)
                ? "Waiting for the processors to start"
                : string.Create(CultureInfo.InvariantCulture, $"Waiting for the processors: {lag:N0} events to go"));
            await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    /// <returns>The events not applied yet; NaN while no partition is assigned; null when the processors do not answer.</returns>
    private async Task<double?> LagAsync(CancellationToken cancellationToken)
    {
        const string Lag = "iotbus_consumer_lag";
        var address = new Uri(options.Processors, "metrics");
        try
        {
            var metrics = PrometheusText.Parse(await http.GetStringAsync(address, cancellationToken));
            return metrics.Has(Lag) ? metrics.Sum(Lag) : double.NaN;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            Trouble = $"{address} does not answer";
        }

        return null;
    }

    private static bool IsNoAnswer(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private sealed record ZoneAverage(
        [property: JsonPropertyName("_id")] string? Zone,
        [property: JsonPropertyName("samples")] long Samples);
}
