using System.Net;
using System.Text.Json;

namespace IotBus.Processors.Decommissioning;

/// <summary>
/// Revokes a consumer of a Kong that runs without a database, whose consumers are KongConsumer objects of Kubernetes: deletes the one with the device's name, and Kong's
/// controller takes it out of Kong within seconds. Deleting what is not there is no failure.
/// </summary>
internal sealed class KubernetesCredentials(HttpClient http, IConfiguration configuration) : IDecommissionPivot
{
    /// <summary>The setting that names the namespace of the KongConsumers.</summary>
    public const string Namespace = "Edge:Kong:ConsumersNamespace";

    private const int PageSize = 500;

    public async Task RunAsync(string device, CancellationToken cancellationToken)
    {
        var consumers = $"/apis/configuration.konghq.com/v1/namespaces/{configuration[Namespace]}/kongconsumers";
        try
        {
            foreach (var name in await FindAsync(consumers, device, cancellationToken).ConfigureAwait(false))
            {
                using var answer = await http.DeleteAsync(new Uri($"{consumers}/{name}", UriKind.Relative), cancellationToken).ConfigureAwait(false);
                if (answer.StatusCode != HttpStatusCode.NotFound)
                    Check(answer);
            }
        }
        catch (Exception exception) when (IsFailure(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new PivotFailedException(
                $"Kubernetes' API does not answer as it should ({exception.Message}). Try again when it does; the device's key may still work.", exception);
        }
    }

    /// <summary>The names of the objects whose <c>username</c> is the device. All are looked through: Kubernetes selects by an object's name and labels only.</summary>
    private async Task<List<string>> FindAsync(string consumers, string device, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var next = "";
        do
        {
            var page = new Uri($"{consumers}?limit={PageSize}&continue={Uri.EscapeDataString(next)}", UriKind.Relative);
            using var answer = await http.GetAsync(page, cancellationToken).ConfigureAwait(false);
            Check(answer);
            using var list = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            foreach (var consumer in Property(list.RootElement, "items", JsonValueKind.Array).EnumerateArray())
            {
                var name = Property(Metadata(consumer), "name", JsonValueKind.String);
                if (consumer.TryGetProperty("username", out var username) && username.ValueKind == JsonValueKind.String && username.ValueEquals(device))
                    found.Add(name.GetString()!);
            }

            next = Metadata(list.RootElement).TryGetProperty("continue", out _)
                ? Property(Metadata(list.RootElement), "continue", JsonValueKind.String).GetString()
                : null;
        }
        while (!string.IsNullOrEmpty(next));

        return found;
    }

    private static JsonElement Metadata(JsonElement element) => Property(element, "metadata", JsonValueKind.Object);

    private static JsonElement Property(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new JsonException($"its answer has no {name}");

    /// <summary>The API is not there or answers nonsense, or the service account's token is not where Kubernetes puts it.</summary>
    private static bool IsFailure(Exception exception) =>
        exception is HttpRequestException or TaskCanceledException or JsonException or IOException or UnauthorizedAccessException;

    private static void Check(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
            return;

        var advice = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
            ? $"The Processors' service account needs a Role to list and delete kongconsumers in the namespace of {Namespace}."
            : answer.StatusCode == HttpStatusCode.NotFound
                ? "The kind KongConsumer is not there: is this the cluster of Kong's controller?"
                : "Try again.";
        throw new PivotFailedException($"Kubernetes' API answered {(int)answer.StatusCode}. {advice} The device's key may still work.");
    }
}
