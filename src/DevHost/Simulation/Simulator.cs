using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace IotBus.DevHost.Simulation;

/// <summary>
/// Devices that post to the Api as real ones do: each with its own key and at its own pace, and each sends again, with the same identifier, what was not
/// acknowledged. They obey the commands that are on Kafka for them.
/// </summary>
internal sealed class Simulator(Uri api, string kafka, HttpClient http, TimeProvider clock)
{
    public const int Devices = 50;

    private const int Zones = 5;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public static string DeviceId(int number) => $"sim-{number:000}";

    /// <summary>The key of a device, known to the system that is started with it.</summary>
    public static string KeyOf(string device) => device + "-key";

    /// <summary>Runs all devices, and hands them what they are told to do, until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var devices = Enumerable.Range(1, Devices)
            .Select(number => (Number: number, Device: new SimulatedDevice(DeviceId(number), $"hall-{1 + (number % Zones)}", number)))
            .ToList();
        var byName = devices.ToDictionary(device => device.Device.Id, device => device.Device, StringComparer.Ordinal);
        return Task.WhenAll(
        [
            .. devices.Select(device => RunDeviceAsync(device.Number, device.Device, cancellationToken)),
            CommandListener.RunAsync(kafka, (device, version) => byName.GetValueOrDefault(device)?.Obey(version), cancellationToken),
        ]);
    }

    private async Task RunDeviceAsync(int number, SimulatedDevice device, CancellationToken cancellationToken)
    {
        try
        {
            // Spread over the second, not all at its start.
            await Task.Delay(Pace * ((double)number / Devices), clock, cancellationToken);
            using var timer = new PeriodicTimer(Pace, clock);
            do
                await SendAsync(device, device.Next(clock.GetUtcNow()), cancellationToken);
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The system stops; what was not acknowledged was not promised either.
        }
    }

    private async Task SendAsync(SimulatedDevice device, SimulatedEvent sent, CancellationToken cancellationToken)
    {
        while (await TryAsync(device, sent, cancellationToken) is { } wait)
            await Task.Delay(wait, clock, cancellationToken);
    }

    /// <returns>Null when the Api has decided, or how long to wait before sending again.</returns>
    private async Task<TimeSpan?> TryAsync(SimulatedDevice device, SimulatedEvent sent, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, sent.Path));
            request.Headers.Add("apikey", KeyOf(device.Id));
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(sent.Body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                return null;

            var asked = response.Headers.RetryAfter?.Delta ?? Pace;
            return asked < LongestWait ? asked : LongestWait;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Pace;
        }
    }
}
