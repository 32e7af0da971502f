namespace IotBus.DevHost.Observing;

/// <summary>Asks the services how they stand, over HTTP as any monitoring would.</summary>
internal sealed class SystemObserver(HttpClient http, Uri apiManagement, Uri processorsManagement)
{
    /// <summary>How the system stands now; null when a service does not answer.</summary>
    public async Task<SystemNumbers?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var api = http.GetStringAsync(new Uri(apiManagement, "metrics"), cancellationToken);
            var processors = http.GetStringAsync(new Uri(processorsManagement, "metrics"), cancellationToken);
            return SystemNumbers.Of(PrometheusText.Parse(await api), PrometheusText.Parse(await processors));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
