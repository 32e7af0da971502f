using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IotBus.MongoDb;
using IotBus.Testing;
using Xunit.Abstractions;

namespace IotBus.EndToEnd;

/// <summary>
/// A firmware rollout over the whole system, with the Processors killed on the way and without: what becomes of each device is the same. The full size, a thousand
/// devices, with <c>IOTBUS_TEST_ROLLOUT_DEVICES=1000</c>.
/// </summary>
public sealed class RolloutTests(ITestOutputHelper output)
{
    private const string SizeVariable = "IOTBUS_TEST_ROLLOUT_DEVICES";
    private const int Waves = 10;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(12);
    private static readonly int Devices = int.Parse(Environment.GetEnvironmentVariable(SizeVariable) ?? "60", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_rollout_in_ten_waves_with_devices_that_never_boot_ends_as_specified(int kills)
    {
        var devices = Enumerable.Range(0, Devices).Select(number => $"device-{number:0000}").ToList();

        // Three of a hundred, at the end of their waves' first half.
        var dead = devices.Where((_, number) => number % 33 == 16).Take(Math.Max(2, Devices * 3 / 100)).ToHashSet(StringComparer.Ordinal);
        await using var plant = await Plant.StartAsync(("Processing:InstanceId", "processors-0"));
        await using var fleet = new ObedientFleet(plant.Http, plant.Kafka.BootstrapServers, plant.CommandsTopic, device => !dead.Contains(device));
        fleet.Start();
        plant.StartProcessors();
        using var http = new HttpClient { BaseAddress = plant.Commands };
        http.DefaultRequestHeaders.Add("apikey", Plant.ApiKey);
        var started = Stopwatch.GetTimestamp();

        var rollout = await RequestAsync(http, devices, dead.Count + 1);
        for (var kill = 0; kill < kills; kill++)
        {
            // Some time in every other wave.
            var wave = (2 * kill) + 1;
            var moment = Random.Shared.Next(Devices / Waves);
            await Eventually.TrueAsync(
                async () => await SettledAsync(plant, rollout) >= ((wave - 1) * Devices / Waves) + moment - dead.Count, Deadline, () => plant.ProcessorsOutput);
            await plant.KillProcessorsAsync();
            plant.StartProcessors();
        }

        var end = await Eventually.ValueAsync(() => ViewAsync(http, rollout), view => view?.GetProperty("state").GetString() is "completed" or "stopped", Deadline);
        output.WriteLine(
            $"{Devices} devices, {dead.Count} that never boot, {kills} kills: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, "
            + $"{fleet.Commanded} commands, {fleet.Repeated} repeated.");

        Assert.Equal("completed", end!.Value.GetProperty("state").GetString());
        Assert.Equal(Devices, fleet.Commanded);
        var states = end.Value.GetProperty("devices").EnumerateArray().ToDictionary(
            device => device.GetProperty("device_id").GetString()!,
            device => (device.GetProperty("state").GetString(), device.TryGetProperty("reason", out var reason) ? reason.GetString() : null));
        Assert.Equal(devices.ToDictionary(device => device, device => dead.Contains(device) ? ("failed", "timed_out") : ("confirmed", (string?)null)), states!);
        var waves = end.Value.GetProperty("waves").EnumerateArray().Select(wave => wave.GetProperty("state").GetString()).ToList();
        Assert.Equal(Enumerable.Repeat("settled", Waves), waves);
    }

    private static Task<long> SettledAsync(Plant plant, Guid rollout) => plant.Database.GetCollection("rollouts.devices").CountAsync(
        Bson.Document(("_id.r", rollout), ("state", Bson.Document(("$in", Bson.Array("confirmed", "failed"))))));

    /// <summary>Asks until it is answered, under one name: the Processors may still be starting.</summary>
    private static async Task<Guid> RequestAsync(HttpClient http, IReadOnlyList<string> devices, int maxFailures)
    {
        var id = Guid.NewGuid();
        var request = new
        {
            rollout_id = id,
            version = "2.0.0",
            device_ids = devices,
            percent = 100 / Waves,
            max_failures = maxFailures,
            confirm_timeout = 25,
        };
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.PostAsJsonAsync(new Uri("/rollouts", UriKind.Relative), request);
                    return answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            TimeSpan.FromMinutes(1));
        return id;
    }

    private static async Task<JsonElement?> ViewAsync(HttpClient http, Guid rollout)
    {
        try
        {
            return await http.GetFromJsonAsync<JsonElement>(new Uri($"/rollouts/{rollout}?limit=10000", UriKind.Relative));
        }
        catch (HttpRequestException)
        {
            // They are starting again.
            return null;
        }
    }
}
