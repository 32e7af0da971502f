using System.Net;

namespace IotBus.Processors.Decommissioning;

/// <summary>
/// Revokes a consumer of Kong through its Admin API: <c>DELETE /consumers/{username}</c>, which removes its keys with it, and is answered with 204 also where
/// there is none.
/// </summary>
internal sealed class KongCredentials(HttpClient http, IConfiguration configuration) : IDecommissionPivot
{
    /// <summary>The setting that says where the Admin API is.</summary>
    public const string AdminUrl = "Edge:Kong:AdminUrl";

    public async Task RunAsync(string device, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(configuration[AdminUrl], UriKind.Absolute, out var admin))
        {
            throw new PivotFailedException(
                $"Set {AdminUrl} to Kong's Admin API, for example http://kong-admin:8001, or, for a Kong without a database, {KubernetesCredentials.Namespace} to the namespace "
                + "of its KongConsumers; the device's key still works.");
        }

        var consumer = new Uri(admin, $"/consumers/{Uri.EscapeDataString(device)}");
        HttpResponseMessage response;
        try
        {
            response = await http.DeleteAsync(consumer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new PivotFailedException(
                $"Kong's Admin API at {admin} does not answer ({exception.Message}). Try again when it does; the device's key still works.", exception);
        }

        using (response)
        {
            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.NotFound)
                return;

            var advice = response.StatusCode == HttpStatusCode.MethodNotAllowed
                ? $"It runs without a database: set {KubernetesCredentials.Namespace} to the namespace of its KongConsumers, or delete the KongConsumer by hand."
                : "Look into Kong's log and try again.";
            throw new PivotFailedException($"Kong's Admin API at {admin} answered {(int)response.StatusCode}. {advice} The device's key may still work.");
        }
    }
}
