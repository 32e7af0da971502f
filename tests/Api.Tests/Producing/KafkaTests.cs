using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using IotBus.Api.Tests.Fixtures;
using IotBus.Messages;
using IotBus.ServiceDefaults.Management;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Api.Tests.Producing;

/// <summary>The whole service on a Kafka: what an answer of 200 means, and what happens while the broker is away.</summary>
public sealed class KafkaTests : IAsyncLifetime
{
    private KafkaServer _kafka = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private string _telemetry = null!;
    private string _alerts = null!;

    public async Task InitializeAsync()
    {
        _kafka = await KafkaServer.StartAsync();
        _telemetry = await _kafka.CreateTopicAsync("telemetry", partitions: 3);
        _alerts = await _kafka.CreateTopicAsync("alerts", partitions: 2);
        (_app, _client) = await StartAsync(_kafka.BootstrapServers);
        await Eventually.ValueAsync(() => ReadyAsync(_app), ready => ready.Status == HttpStatusCode.OK);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _kafka.DisposeAsync();
    }

    [Fact]
    public async Task An_acknowledged_event_is_on_its_topic_with_key_headers_and_JSON()
    {
        using var response = await PostAsync("/event/telemetry", """{"device_id":"sensor-42","zone_id":"warehouse-A","temperature":24.5,"humidity":45}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = (await ApiHost.BodyAsync(response))["event"]!;
        var message = Assert.Single(Read(_telemetry));
        Assert.Equal("sensor-42", Encoding.UTF8.GetString(message.Message.Key));
        Assert.Equal(answer.ToJsonString(), Encoding.UTF8.GetString(message.Message.Value));
        Assert.Equal(answer["event_id"]!.GetValue<string>(), Header(message, "MessageId"));
        Assert.Equal(MessageUrns.TelemetryRecorded, Header(message, "MT-MessageType"));
        Assert.Empty(Read(_alerts));
    }

    [Fact]
    public async Task An_alert_is_on_the_topic_of_alerts()
    {
        using var response = await PostAsync("/event/alert", """{"device_id":"sensor-42","error_code":"E","severity":"HIGH"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var message = Assert.Single(Read(_alerts));
        Assert.Equal(MessageUrns.AlertRaised, Header(message, "MT-MessageType"));
        Assert.Equal("high", JsonNode.Parse(message.Message.Value)!["severity"]!.GetValue<string>());
        Assert.Empty(Read(_telemetry));
    }

    [Fact]
    public async Task The_events_of_a_device_stay_in_the_order_of_a_batch()
    {
        var lines = string.Concat(Enumerable.Range(0, 3_000).Select(i =>
            $$"""{"type":"boot","device_id":"d-{{i % 7}}","zone_id":"z","firmware":"{{i}}"}""" + "\n"));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");

        using var response = await _client.PostAsync("/events", content);

        Assert.Equal(3_000, (await ApiHost.BodyAsync(response))["accepted"]!.GetValue<int>());
        var byDevice = Read(_telemetry).GroupBy(message => Encoding.UTF8.GetString(message.Message.Key)).ToList();
        Assert.Equal(7, byDevice.Count);
        foreach (var device in byDevice)
        {
            var order = device.Select(message => int.Parse(JsonNode.Parse(message.Message.Value)!["firmware"]!.GetValue<string>(), null)).ToList();
            Assert.Single(device.Select(message => message.Partition).Distinct());
            Assert.Equal(order.Order(), order);
        }

        Assert.Equal(3_000, byDevice.Sum(device => device.Count()));
    }

    [EmbeddedKafkaFact]
    public async Task While_the_broker_is_away_devices_hear_503_and_the_same_event_is_taken_afterwards()
    {
        var embedded = _kafka.Embedded!;
        const string Event = """{"device_id":"d","zone_id":"z","event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f"}""";
        embedded.TakeDown();

        using var refused = await PostAsync("/event/boot", Event);
        var away = await ReadyAsync(_app);
        embedded.BringUp();
        await Eventually.ValueAsync(() => ReadyAsync(_app), ready => ready.Status == HttpStatusCode.OK);
        using var taken = await PostAsync("/event/boot", Event);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.Contains("Retry-After"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.Status);
        Assert.Contains(away.Body["checks"]!.AsArray(), check =>
            check!["name"]!.GetValue<string>() == "kafka" && check["reason"]!.GetValue<string>().Contains("did not answer", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);

        // What was not acknowledged may have been written after all; it is the same event then.
        Assert.All(Read(_telemetry), message => Assert.Equal("0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f", Header(message, "MessageId")));
    }

    [EmbeddedKafkaFact]
    public async Task A_batch_that_meets_an_outage_tells_which_lines_to_send_again_and_loses_none()
    {
        var embedded = _kafka.Embedded!;
        embedded.TakeDown();
        using var content = new StringContent(
            string.Concat(Enumerable.Range(0, 10).Select(i => $$"""{"type":"boot","device_id":"d-{{i}}","zone_id":"z"}""" + "\n")), Encoding.UTF8, "application/x-ndjson");

        using var response = await _client.PostAsync("/events", content);
        embedded.BringUp();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        var again = answer["errors"]!.AsArray().Where(error => error!["retry"]?.GetValue<bool>() is true).Select(error => error!["line"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(1, 10), again);
        Assert.All(answer["errors"]!.AsArray(), error => Assert.NotNull(error!["event_id"]));
    }

    [EmbeddedKafkaFact]
    public async Task An_event_under_way_when_the_service_stops_is_answered_before_Kafka_is_left()
    {
        var embedded = _kafka.Embedded!;
        embedded.SetRoundTripTime(TimeSpan.FromMilliseconds(300));
        var answer = PostAsync("/event/boot", """{"device_id":"d","zone_id":"z"}""");
        await Eventually.ValueAsync(ScrapeAsync, metrics => metrics.Contains("\niotbus_produce_queue_depth 1\n", StringComparison.Ordinal));

        await _app.StopAsync();

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        embedded.SetRoundTripTime(TimeSpan.Zero);
        Assert.Single(Read(_telemetry));
    }

    [Fact]
    public async Task A_service_without_Kafka_lives_and_answers_503_and_is_not_ready()
    {
        var (app, client) = await StartAsync("127.0.0.1:1");
        await using var service = app;
        using var sender = client;

        using var refused = await client.PostAsync("/event/boot", ApiHost.Json("""{"device_id":"d","zone_id":"z"}"""));
        var ready = await ReadyAsync(app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull((await ApiHost.BodyAsync(refused))["event_id"]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        await app.StopAsync();
    }

    private async Task<string> ScrapeAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(_app.Services.GetRequiredService<ManagementEndpoint>().Url!, "/metrics"));
    }

    private async Task<(WebApplication App, HttpClient Client)> StartAsync(string bootstrapServers)
    {
        var app = ApiService.Create(
            [
                "--urls", "http://127.0.0.1:0",
                "--Management:Url", "http://127.0.0.1:0",
                "--Kafka:BootstrapServers", bootstrapServers,
                "--Kafka:Producer:DeliveryTimeout", "00:00:02",
                "--Topics:Telemetry:Name", _telemetry,
                "--Topics:Alerts:Name", _alerts,
                "--Edge:Consumers:0:Username", "gateway-1",
                "--Edge:Consumers:0:Group", "gateway",
                "--Edge:Consumers:0:Keys:0", ApiHost.GatewayKey,
            ],
            builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        var client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<ManagementEndpoint>().ServiceUrls[0]) };
        client.DefaultRequestHeaders.Add("apikey", ApiHost.GatewayKey);
        return (app, client);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string json) => _client.PostAsync(path, ApiHost.Json(json));

    private static async Task<(HttpStatusCode Status, JsonObject Body)> ReadyAsync(WebApplication app)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(app.Services.GetRequiredService<ManagementEndpoint>().Url!, "/health/ready"));
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    private static string Header(ConsumeResult<byte[], byte[]> message, string name) =>
        Encoding.UTF8.GetString(message.Message.Headers.GetLastBytes(name));

    private List<ConsumeResult<byte[], byte[]>> Read(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = _kafka.BootstrapServers,
            GroupId = "unused",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        var partitions = topic == _telemetry ? 3 : 2;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        using var deadline = new CancellationTokenSource(Eventually.DefaultDeadline);
        List<ConsumeResult<byte[], byte[]>> messages = [];
        for (var ended = 0; ended < partitions;)
        {
            var result = consumer.Consume(deadline.Token);
            if (result.IsPartitionEOF)
                ended++;
            else
                messages.Add(result);
        }

        return messages;
    }
}
