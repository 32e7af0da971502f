using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

public sealed class OutageTests
{
    [EmbeddedKafkaFact]
    public async Task A_bus_that_starts_before_its_broker_waits_for_it_says_so_once_and_consumes_when_it_is_there_and_again_after_an_outage()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, recorder) = (await kafka.CreateTopicAsync("readings"), new Recorder());
        broker.TakeDown();

        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder);
        var health = host.Services.GetRequiredService<IKafkaHealth>();
        await Eventually.TrueAsync(() => host.Bus.CheckHealth().Status != BusHealthStatus.Healthy && Outages(host, kafka) >= 1);
        var unavailable = await Assert.ThrowsAsync<KafkaUnavailableException>(() => health.CheckAsync());
        Assert.Contains(kafka.BootstrapServers, unavailable.Message, StringComparison.Ordinal);
        Assert.Equal(1, Outages(host, kafka));

        broker.BringUp();
        await host.Producer<string, Reading>().Produce("a", Some.Warmth("first"));
        await Eventually.TrueAsync(() => recorder.Count == 1 && host.Bus.CheckHealth().Status == BusHealthStatus.Healthy);
        await health.CheckAsync();

        broker.TakeDown();
        var second = host.Producer<string, Reading>().Produce("a", Some.Warmth("second"));
        await Eventually.TrueAsync(() => host.Bus.CheckHealth().Status != BusHealthStatus.Healthy);
        broker.BringUp();
        await second.WaitAsync(Eventually.DefaultDeadline);

        await Eventually.TrueAsync(() => recorder.Messages.Any(message => message.Message.Device == "second"));
        await Eventually.TrueAsync(() => host.Bus.CheckHealth().Status == BusHealthStatus.Healthy);
        Assert.Equal(2, recorder.Messages.DistinctBy(message => message.MessageId).Count());
        Assert.Equal(2, Outages(host, kafka));
    }

    [EmbeddedKafkaFact]
    public async Task A_bus_whose_broker_is_gone_stops_all_the_same()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, recorder) = (await kafka.CreateTopicAsync("readings"), new Recorder());
        var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder);
        await host.Producer<string, Reading>().Produce("a", Some.Warmth());
        await Eventually.TrueAsync(() => recorder.Count == 1);

        broker.TakeDown();

        await host.DisposeAsync().AsTask().WaitAsync(Eventually.DefaultDeadline);
    }

    [EmbeddedKafkaFact]
    public async Task A_topic_that_is_not_there_is_said_once_and_consumed_when_it_is_made()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var broker = OnlyEmbedded.Faults(kafka);
        var (topic, recorder) = (await kafka.CreateTopicAsync("readings"), new Recorder());
        broker.SetTopicError(topic, Confluent.Kafka.ErrorCode.UnknownTopicOrPart);
        await using var host = await ReadingsHost.ConsumerAsync(kafka, topic, kafka.NewGroup(), recorder, endpoint =>
            endpoint.ConfigureClient = config => config.TopicMetadataRefreshIntervalMs = 200);
        await Eventually.TrueAsync(
            () => host.Log.Lines.Any(line => line.Level == LogLevel.Error && line.Text.Contains(topic, StringComparison.Ordinal)), state: host.Log.ToString);

        broker.SetTopicError(topic, Confluent.Kafka.ErrorCode.NoError);
        await host.Producer<string, Reading>().Produce("a", Some.Warmth());

        await Eventually.TrueAsync(() => recorder.Count == 1);
        Assert.Single(host.Log.Lines, line => line.Level == LogLevel.Error);
    }

    private static int Outages(RiderHost host, KafkaServer kafka) => host.Log.Lines.Count(line =>
        line.Level == LogLevel.Error
        && line.Text.Contains("readings-", StringComparison.Ordinal)
        && line.Text.Contains(kafka.BootstrapServers, StringComparison.Ordinal));
}
