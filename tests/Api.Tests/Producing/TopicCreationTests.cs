using IotBus.Api.Producing;
using IotBus.Api.Tests.Fixtures;
using IotBus.Kafka;
using IotBus.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IotBus.Api.Tests.Producing;

/// <summary>Topics that are missing are made, and nothing is made of one that is there.</summary>
public sealed class TopicCreationTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(ApiHost.Now);
    private readonly FakeAdministration _topics = new();
    private readonly TopicOptions _options = new();
    private readonly TopicCreation _creation;

    public TopicCreationTests() =>
        _creation = new TopicCreation(_topics, Options.Create(_options), _time, NullLogger<TopicCreation>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _creation.StopAsync(CancellationToken.None);
        _creation.Dispose();
    }

    [Fact]
    public async Task Topics_and_their_dead_letter_topics_are_made_as_the_design_says()
    {
        await RunAsync();

        Assert.Equal(["sensor-telemetry", "sensor-alerts", "sensor-telemetry.dlq", "sensor-alerts.dlq", "device-commands"], _topics.Made.Select(topic => topic.Name));
        Assert.Equal([3, 2, 3, 2, 3], _topics.Made.Select(topic => topic.Partitions));
        Assert.Equal(["604800000", "2592000000", "2592000000", "2592000000", "604800000"], _topics.Made.Select(topic => topic.Configuration["retention.ms"]));
        Assert.Equal("lz4", _topics.Made[0].Configuration["compression.type"]);
        Assert.Null(_creation.Missing);
    }

    [Fact]
    public async Task Partitions_replicas_and_their_minimum_are_configured()
    {
        _options.Alerts.Partitions = 12;
        _options.Alerts.ReplicationFactor = 3;
        _options.Alerts.MinInsyncReplicas = 1;

        await RunAsync();

        foreach (var topic in new[] { _topics.Made[1], _topics.Made[3] })
            Assert.Equal((12, (short?)3, "1"), (topic.Partitions, topic.Replication, topic.Configuration["min.insync.replicas"]));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, "2")]
    [InlineData(5, "2")]
    public async Task An_alert_is_on_two_brokers_where_one_of_three_may_be_away(int? replicas, string? minimum)
    {
        _options.Telemetry.ReplicationFactor = _options.Alerts.ReplicationFactor = (short?)replicas;

        await RunAsync();

        var alerts = _topics.Made.Where(topic => topic.Name.StartsWith("sensor-alerts", StringComparison.Ordinal)).ToList();
        Assert.Equal([minimum, minimum], alerts.Select(topic => topic.Configuration.GetValueOrDefault("min.insync.replicas")));
        Assert.DoesNotContain("min.insync.replicas", _topics.Made[0].Configuration.Keys);
    }

    [Fact]
    public async Task A_topic_that_exists_is_left_as_it_is()
    {
        _topics.Existing["sensor-telemetry"] = 7;

        await RunAsync();

        Assert.DoesNotContain(_topics.Made, topic => topic.Name == "sensor-telemetry");
        Assert.Null(_creation.Missing);
    }

    [Fact]
    public async Task While_Kafka_is_away_the_service_waits_and_says_so()
    {
        _topics.Failure = new KafkaUnavailableException("Kafka is away.");
        await _creation.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => _creation.Missing == "Kafka is away." && _time.Waiting == 1);

        _topics.Failure = null;
        _time.Advance(TimeSpan.FromSeconds(1));

        await _creation.ExecuteTask!;
        Assert.Equal(5, _topics.Made.Count);
        Assert.Null(_creation.Missing);
    }

    [Fact]
    public async Task A_topic_that_Kafka_refuses_to_make_is_named_and_tried_again()
    {
        _topics.Failure = new InvalidOperationException("Replication factor is larger than the number of brokers.");
        await _creation.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => _time.Waiting == 1);
        Assert.Equal(
            "Kafka refuses to make the topic 'sensor-telemetry': Replication factor is larger than the number of brokers.", _creation.Missing);

        _topics.Failure = null;
        _time.Advance(TimeSpan.FromSeconds(10));

        await _creation.ExecuteTask!;
        Assert.Null(_creation.Missing);
    }

    [Fact]
    public async Task Stopping_ends_the_wait()
    {
        _topics.Failure = new KafkaUnavailableException("Kafka is away.");
        await _creation.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => _time.Waiting == 1);

        await _creation.StopAsync(CancellationToken.None);

        Assert.True(_creation.ExecuteTask!.IsCanceled);
    }

    private async Task RunAsync()
    {
        await _creation.StartAsync(CancellationToken.None);
        await _creation.ExecuteTask!;
    }

    private sealed class FakeAdministration : ITopicAdministration
    {
        public Dictionary<string, int> Existing { get; } = [];

        public List<TopicDefinition> Made { get; } = [];

        public Exception? Failure { get; set; }

        public Task<TopicInfo> CreateIfMissingAsync(TopicDefinition topic, CancellationToken cancellationToken = default)
        {
            Made.Add(topic);
            return Task.FromResult(new TopicInfo(topic.Name, null, topic.Partitions));
        }

        public Task<TopicInfo?> DescribeAsync(string topic, CancellationToken cancellationToken = default)
        {
            if (Failure is not null)
                return Task.FromException<TopicInfo?>(Failure);

            return Task.FromResult(Existing.TryGetValue(topic, out var partitions) ? new TopicInfo(topic, null, partitions) : null);
        }
    }
}
