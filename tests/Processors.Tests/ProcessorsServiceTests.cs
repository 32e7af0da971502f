using System.Net;
using System.Text;
using Confluent.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Store;
using IotBus.Testing;
using MassTransit;
using MassTransit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Processors.Tests;

/// <summary>The service as it runs, on a broker and a store that is not there yet.</summary>
public sealed class ProcessorsServiceTests
{
    [Fact]
    public async Task It_waits_for_its_store_applies_what_is_there_and_dead_letters_what_cannot_be_read()
    {
        await using var kafka = await KafkaServer.StartAsync();
        await using var mongo = await MongoServer.StartAsync();
        await using var client = new MongoClient(new MongoClientOptions { Uri = mongo.Uri });
        var database = client.GetDatabase(mongo.UniqueDatabaseName("service"));
        var target = new Uri(mongo.Uri);
        await using var relay = new TcpRelay(target.Host, target.Port);
        relay.Cut();
        var telemetry = await kafka.CreateTopicAsync("sensor-telemetry", partitions: 2);
        var alerts = await kafka.CreateTopicAsync("sensor-alerts");
        var sensorEvent = Tests.Events.Telemetry();
        Produce(kafka, telemetry, System.Text.Json.JsonSerializer.Serialize(sensorEvent, MessagesJsonContext.Default.TelemetryRecorded));
        Produce(kafka, telemetry, "{\"type\":\"telemetry\"");

        await using var app = ProcessorsService.Create(
            [
                $"--Kafka:BootstrapServers={kafka.BootstrapServers}",
                $"--MongoDb:Uri=mongodb://127.0.0.1:{relay.Port}/?directConnection=true",
                $"--MongoDb:Database={database.Name}",
                $"--Topics:Telemetry:Name={telemetry}",
                $"--Topics:Alerts:Name={alerts}",
                $"--Processing:Group={kafka.NewGroup()}",
                $"--Processing:RolloutGroup={kafka.NewGroup()}",
                "--urls=http://127.0.0.1:0",
                "--Management:Url=http://127.0.0.1:0",
            ],
            builder => builder.Services.AddMassTransitTestHarness());
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(ManagementAddress(app)) };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
        var waiting = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.StatusCode);
        Assert.Contains("mongodb", await waiting.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var atStart = await MetricsAsync(http);
        Assert.Contains("iotbus_events_applied_total 0", atStart, StringComparison.Ordinal);

        relay.Restore();

        await Eventually.TrueAsync(async () => (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode == HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await MetricsAsync(http)).Contains("iotbus_events_applied_total 1", StringComparison.Ordinal));
        var stored = await Eventually.ValueAsync(
            () => database.GetCollection(Collections.SensorData).FindAsync(BsonDocument.Empty),
            found => found.Count == 1);
        Assert.Equal(sensorEvent.EventId, stored[0].GetGuid("_id"u8));
        var letter = ConsumeOne(kafka, telemetry + ".dlq");
        Assert.Equal("{\"type\":\"telemetry\"", Encoding.UTF8.GetString(letter.Message.Value));
        var metrics = await MetricsAsync(http);
        foreach (var name in new[] { "iotbus_events_duplicate_total", "iotbus_dead_letters_total", "iotbus_apply_seconds_bucket", "iotbus_event_age_seconds_bucket", "iotbus_consumer_lag" })
            Assert.Contains(name, metrics, StringComparison.Ordinal);

        Assert.NotNull(app.Services.GetRequiredService<ITestHarness>().Bus);
        await app.StopAsync();
        await database.DropAsync();
    }

    private static string ManagementAddress(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Last();

    private static Task<string> MetricsAsync(HttpClient http) => http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

    private static void Produce(KafkaServer kafka, string topic, string value)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        producer.Produce(topic, new Message<string, string> { Key = "sensor-1", Value = value });
        producer.Flush(TimeSpan.FromSeconds(30));
    }

    private static ConsumeResult<byte[], byte[]> ConsumeOne(KafkaServer kafka, string topic)
    {
        var settings = new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = "reader", AutoOffsetReset = AutoOffsetReset.Earliest };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings).Build();
        consumer.Assign([new TopicPartitionOffset(topic, 0, Offset.Beginning), new TopicPartitionOffset(topic, 1, Offset.Beginning)]);
        return consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"Nothing came on {topic}.");
    }
}
