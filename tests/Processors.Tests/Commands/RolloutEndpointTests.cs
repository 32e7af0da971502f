using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.Processors.Tests.Commands;

/// <summary>Rollouts as operators command them.</summary>
public sealed class RolloutEndpointTests(CommandHost host) : IClassFixture<CommandHost>
{
    private const string Valid = """{"version":"v2","device_ids":["d-1"],"wave_size":1,"max_failures":1,"confirm_timeout":600}""";

    [Fact]
    public async Task A_rollout_is_accepted_commands_its_devices_over_Kafka_and_completes_when_they_boot()
    {
        using var answer = await host.PostAsync("rollouts", Body("""["r-1","r-2"]"""));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var path = answer.Headers.Location!.OriginalString.TrimStart('/');
        var command = host.CommandTo("r-1");
        var read = JsonSerializer.Deserialize(command.Message.Value, MessagesJsonContext.Default.FirmwareUpdateRequested)!;
        Assert.Equal(("r-1", "v2", $"rollouts/{read.RolloutId}"), (read.DeviceId, read.Version, path));
        Assert.Equal(MessageUrns.FirmwareUpdateRequested, Encoding.UTF8.GetString(command.Message.Headers.GetLastBytes("MT-MessageType")));
        Assert.Equal(read.CommandId.ToString(), Encoding.UTF8.GetString(command.Message.Headers.GetLastBytes("MessageId")));
        await host.BootAsync("r-1", "v2");
        host.CommandTo("r-2");
        await host.BootAsync("r-2", "v2");
        var end = await Eventually.ValueAsync(() => host.GetAsync(path), view => view.GetProperty("state").GetString() == "completed");
        Assert.Equal(2, end.GetProperty("counts").GetProperty("confirmed").GetInt32());
        Assert.Equal(["settled", "settled"], end.GetProperty("waves").EnumerateArray().Select(wave => wave.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task The_same_Idempotency_Key_is_the_same_rollout()
    {
        var key = Guid.NewGuid();

        using var first = await SendAsync(Body("""["i-1"]"""), key);
        using var second = await SendAsync(Body("""["i-1"]"""), key);
        using var other = await SendAsync(Body("""["i-2"]"""), key);

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Conflict], [first.StatusCode, second.StatusCode, other.StatusCode]);
        Assert.Equal(key, (await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rollout_id").GetGuid());
        Assert.Equal(1, await host.Database.GetCollection("rollouts.devices").CountAsync(Bson.Document(("_id.r", key))));
    }

    [Theory]
    [InlineData("version", """{"device_ids":["d-1"],"wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("version", """{"version":"v 2","device_ids":["d-1"],"wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("device_ids", """{"version":"v2","wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("device_ids", """{"version":"v2","device_ids":["d-1"],"zone":"hall-1","wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("device_ids", """{"version":"v2","device_ids":[],"wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("device_ids", """{"version":"v2","device_ids":["d-1","d-1"],"wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("device_ids", """{"version":"v2","device_ids":["d-1",null],"wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("zone", """{"version":"v2","zone":"nowhere","wave_size":1,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("wave_size", """{"version":"v2","device_ids":["d-1"],"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("wave_size", """{"version":"v2","device_ids":["d-1"],"wave_size":0,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("percent", """{"version":"v2","device_ids":["d-1"],"percent":101,"max_failures":1,"confirm_timeout":600}""")]
    [InlineData("max_failures", """{"version":"v2","device_ids":["d-1"],"wave_size":1,"max_failures":0,"confirm_timeout":600}""")]
    [InlineData("confirm_timeout", """{"version":"v2","device_ids":["d-1"],"wave_size":1,"max_failures":1,"confirm_timeout":0}""")]
    public async Task What_is_at_fault_is_named_and_nothing_begins(string field, string body)
    {
        using var answer = await host.PostAsync("rollouts", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(field, Assert.Single(errors.EnumerateObject()).Name);
        Assert.Equal(0, await host.Database.GetCollection("rollouts.devices").CountAsync(Bson.Document(("_id.d", "d-1"))));
    }

    [Theory]
    [InlineData("""{"version":""")]
    [InlineData("null")]
    [InlineData("""{"version":"v2","wavesize":3}""")]
    public async Task A_body_that_is_not_what_is_expected_is_refused(string body)
    {
        using var answer = await host.PostAsync("rollouts", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_JSON_is_refused()
    {
        using var large = await host.PostAsync("rollouts", new string(' ', 3 * 1024 * 1024));
        using var text = await host.Http.PostAsync(new Uri("rollouts", UriKind.Relative), new StringContent(Valid));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
    }

    [Fact]
    public async Task It_is_paused_resumed_and_aborted()
    {
        using var begun = await host.PostAsync("rollouts", Body("""["p-1","p-2"]"""));
        var path = begun.Headers.Location!.OriginalString.TrimStart('/');
        await StateAsync(path, "running");

        foreach (var (command, state) in new[] { ("pause", "paused"), ("resume", "running"), ("abort", "aborted") })
        {
            using var answer = await host.PostAsync($"{path}/{command}", "");
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            await StateAsync(path, state);
        }

        using var late = await host.PostAsync($"{path}/pause", "");
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task The_devices_are_shown_by_page_and_by_state()
    {
        using var begun = await host.PostAsync("rollouts", Body("""["q-1","q-2","q-3"]"""));
        var path = begun.Headers.Location!.OriginalString.TrimStart('/');
        await Eventually.ValueAsync(() => host.GetAsync(path), view => view.GetProperty("wave").GetInt32() == 1);

        var page = await host.GetAsync($"{path}?limit=2");
        var waiting = await host.GetAsync($"{path}?state=waiting&after=q-2");

        Assert.Equal(["q-1", "q-2"], Names(page));
        Assert.Equal("q-2", page.GetProperty("next").GetString());
        Assert.Equal(["q-3"], Names(waiting));
        using var bad = await host.Http.GetAsync(new Uri($"{path}?state=lost&limit=0", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
    }

    [Fact]
    public async Task What_is_not_known_is_404()
    {
        using var view = await host.Http.GetAsync(new Uri($"rollouts/{Guid.NewGuid()}", UriKind.Relative));
        using var pause = await host.PostAsync($"rollouts/{Guid.NewGuid()}/pause", "");

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], [view.StatusCode, pause.StatusCode]);
    }

    [Fact]
    public async Task A_device_may_not_command_and_nobody_may_without_a_key()
    {
        using var device = await SendAsync(Valid, Guid.NewGuid(), CommandHost.DeviceKey);
        using var nobody = await SendAsync(Valid, Guid.NewGuid(), "no-key");

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized], [device.StatusCode, nobody.StatusCode]);
    }

    private static string Body(string devices) =>
        $$"""{"version":"v2","device_ids":{{devices}},"wave_size":1,"max_failures":1,"confirm_timeout":600}""";

    private static IEnumerable<string?> Names(JsonElement view) =>
        view.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("device_id").GetString());

    private Task<JsonElement> StateAsync(string path, string state) =>
        Eventually.ValueAsync(() => host.GetAsync(path), view => view.GetProperty("state").GetString() == state);

    private async Task<HttpResponseMessage> SendAsync(string body, Guid idempotencyKey, string key = CommandHost.OperatorKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Http.BaseAddress!, "rollouts"));
        request.Headers.Add("Idempotency-Key", $"\"{idempotencyKey}\"");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("apikey", key);
        return await http.SendAsync(request);
    }
}
