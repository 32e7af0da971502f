using Confluent.Kafka;

namespace IotBus.Kafka;

/// <content>What was said of the endpoint's client.</content>
internal sealed partial class TopicEndpointConfiguration<TKey, T>
{
    private IHeadersDeserializer? _headers;

    public long? Offset { get => _definition.Offset; set => _definition.Offset = value; }

    public PartitionAssignmentStrategy? PartitionAssignmentStrategy { set => _definition.Client.PartitionAssignmentStrategy = value; }

    public TimeSpan? HeartbeatInterval { set => _definition.Client.HeartbeatIntervalMs = (int?)value?.TotalMilliseconds; }

    public string GroupProtocolType { set => _definition.Client.GroupProtocolType = value; }

    public TimeSpan? CoordinatorQueryInterval { set => _definition.Client.CoordinatorQueryIntervalMs = (int?)value?.TotalMilliseconds; }

    public int? QueuedMinMessages { set => _definition.Client.QueuedMinMessages = value; }

    public int? QueuedMaxMessagesKbytes { set => _definition.Client.QueuedMaxMessagesKbytes = value; }

    public bool? CheckCrcs { set => _definition.Client.CheckCrcs = value; }

    public void ConfigureFetch(Action<IKafkaFetchConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new KafkaFetchConfigurator(_definition.Client));
    }

    public void UseIsolationLevel(IsolationLevel isolationLevel) => _definition.Client.IsolationLevel = isolationLevel;

    public void SetHeadersDeserializer(IHeadersDeserializer deserializer) => _headers = deserializer ?? throw new ArgumentNullException(nameof(deserializer));

    public void SetOffsetsCommittedHandler(Action<CommittedOffsets> offsetsCommittedHandler) =>
        _definition.OffsetsCommitted = offsetsCommittedHandler ?? throw new ArgumentNullException(nameof(offsetsCommittedHandler));

    public void SetStatisticsHandler(Action<string> statisticsHandler) =>
        _definition.Statistics = statisticsHandler ?? throw new ArgumentNullException(nameof(statisticsHandler));
}
