namespace IotBus.Bench.Processes;

/// <summary>Waits for a process that listens for HTTP.</summary>
internal static class HttpService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the URL answers with success.</summary>
    /// <exception cref="BenchException">The process ended, or time ran out.</exception>
    public static async Task WaitAsync(ChildProcess process, Uri url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            if (process.HasExited)
                throw await process.FailureAsync(cancellationToken);

            try
            {
                using var response = await http.GetAsync(url, cancellationToken);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!timeout.IsCancellationRequested)
            {
                // Not listening yet.
            }

            if (timeout.IsCancellationRequested)
                throw new BenchException($"{url} did not become ready within {Patience.TotalSeconds} s.");

            await Task.Delay(50, cancellationToken);
        }
    }
}
