using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Events;
using IotBus.Processors.Store;
using IotBus.Testing;

namespace IotBus.Processors.Tests;

/// <summary>From the topics to the store, through the endpoint that the service configures.</summary>
public sealed class SensorEventConsumerTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private readonly InMemoryKafka _kafka = new(options => (options.PartitionsPerTopic, options.Timeout) = (3, Eventually.DefaultDeadline));

    [Fact]
    public async Task Every_type_of_event_is_told_by_its_type_and_applied()
    {
        var store = await fixture.CreateAsync();
        await using var service = await InMemoryProcessors.StartAsync(_kafka, fixture, store);

        _kafka.Append(Tests.Events.Boot(firmware: "v1"));
        _kafka.Append(Tests.Events.Telemetry(temperature: 21, at: Tests.Events.Noon.AddMinutes(1)));
        _kafka.Append(Tests.Events.Update(to: "v2", at: Tests.Events.Noon.AddMinutes(2)));
        _kafka.Append(Tests.Events.Alert(severity: Severities.Critical));
        await _kafka.WhenConsumedAsync();

        var device = await store.DeviceAsync("sensor-1");
        Assert.Equal(("v1", "v2"), (device.GetString("firmware"u8), device.GetString("updating_to"u8)));
        Assert.Equal(21, device.GetDocument("reading"u8).GetDouble("temperature"u8));
        var alerts = await store.DeviceAsync("sensor-1", DeviceStreams.Alerts);
        Assert.Equal("critical", alerts.GetDocument("alert"u8).GetString("severity"u8));
        Assert.Equal(4, (await store.SeriesAsync()).Count);
    }

    [Fact]
    public async Task Events_of_many_devices_on_several_partitions_are_applied_once_each()
    {
        var store = await fixture.CreateAsync();
        await using var service = await InMemoryProcessors.StartAsync(_kafka, fixture, store);
        var events = Tests.Events.Readings(200);

        foreach (var sensorEvent in events)
            _kafka.Append(sensorEvent);

        // A device that had no answer sends again.
        foreach (var sensorEvent in events.Take(50))
            _kafka.Append(sensorEvent);

        await _kafka.WhenConsumedAsync();

        Assert.True(_kafka.Topic(Topics.Telemetry).Records.Select(record => record.Partition).Distinct().Count() > 1);
        Assert.Equal(events.Select(sensorEvent => sensorEvent.EventId).Order(), await store.SeriesAsync());
        Assert.Equal(200, await store.CountAsync(EventTypes.Telemetry));
        await Recount.AssertRollupsMatchSeriesAsync(store.Database);
    }

    [Fact]
    public async Task What_cannot_be_read_and_what_breaks_a_rule_are_put_aside_with_the_reason_and_the_rest_is_applied()
    {
        var store = await fixture.CreateAsync();
        await using var service = await InMemoryProcessors.StartAsync(_kafka, fixture, store);
        var cold = Tests.Events.Telemetry(temperature: -300);

        _kafka.Append(Tests.Events.Telemetry());
        var broken = _kafka.Topic(Topics.Telemetry).AppendText("sensor-1", "{\"type\":\"telemetry\"");
        _kafka.Append(cold);
        _kafka.Append(Tests.Events.Telemetry(at: Tests.Events.Noon.AddMinutes(1)));
        await _kafka.WhenConsumedAsync();

        var letters = _kafka.Topic(Topics.Telemetry + ".dlq").Records;
        Assert.Equal(2, letters.Count);
        var unread = Assert.Single(letters, letter => letter.ValueText == broken.ValueText);
        Assert.Equal(DeadLetterReasons.Malformed, unread.Header(DeadLetterHeaders.Reason));
        var rejected = Assert.Single(letters, letter => letter.ValueText != broken.ValueText);
        Assert.Contains(cold.EventId.ToString(), rejected.ValueText, StringComparison.Ordinal);
        Assert.Contains("temperature", rejected.Header(DeadLetterHeaders.Reason), StringComparison.Ordinal);
        Assert.Equal(2, (await store.SeriesAsync()).Count);
    }

    [Fact]
    public async Task While_a_dead_letter_is_not_acknowledged_the_offset_stays_and_then_nothing_is_missing()
    {
        var store = await fixture.CreateAsync();
        await using var service = await InMemoryProcessors.StartAsync(_kafka, fixture, store);
        var letters = _kafka.Topic(Topics.Telemetry + ".dlq");
        letters.ProduceFailure = ProduceFailure.NotAcknowledged;

        var first = _kafka.Append(Tests.Events.Telemetry(humidity: 101));
        _kafka.Append(Tests.Events.Telemetry());
        var waits = await Assert.ThrowsAsync<TimeoutException>(() => _kafka.WhenConsumedAsync(TimeSpan.FromMilliseconds(500)));
        var before = await store.SeriesAsync();
        letters.ProduceFailure = null;
        await _kafka.WhenConsumedAsync();

        Assert.Contains($"{Topics.Telemetry}[{first.Partition}]", waits.Message, StringComparison.Ordinal);
        Assert.Empty(before);
        Assert.Single(letters.Records);
        Assert.Single(await store.SeriesAsync());
    }

    [Fact]
    public async Task A_service_that_is_started_anew_goes_on_and_applies_nothing_again()
    {
        var store = await fixture.CreateAsync();
        await using (await InMemoryProcessors.StartAsync(_kafka, fixture, store))
        {
            foreach (var sensorEvent in Tests.Events.Readings(30))
                _kafka.Append(sensorEvent);

            await _kafka.WhenConsumedAsync();
        }

        foreach (var sensorEvent in Tests.Events.Readings(20, seed: 2))
            _kafka.Append(sensorEvent);

        await using var again = await InMemoryProcessors.StartAsync(_kafka, fixture, store);
        await _kafka.WhenConsumedAsync();

        Assert.Equal(50, (await store.SeriesAsync()).Count);
        Assert.Equal(50, await store.CountAsync(EventTypes.Telemetry));
        Assert.Equal(3, (await store.AllAsync(Collections.Progress)).Count);
    }
}
