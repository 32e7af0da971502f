using Confluent.Kafka;

namespace IotBus.Kafka;

/// <content>
/// How the endpoint's client behaves towards the brokers. What is not set is librdkafka's default, unless it is said otherwise.
/// </content>
public partial interface ITopicEndpointConfigurator
{
    /// <summary>
    /// Where the started endpoint begins each partition that is assigned to it, whatever the group has committed: to consume again from there, or to
    /// leave out what lies before. An offset, or the value of <see cref="Confluent.Kafka.Offset.Beginning"/> or
    /// <see cref="Confluent.Kafka.Offset.End"/>; null, the default, for what is committed. Once this member has committed an offset of a partition, the
    /// partition goes on from what is committed when it comes back; one that is lost before begins there again, but for the end, where each
    /// begins once. Every start, and every member, does it anew: take it out when it has done its work.
    /// </summary>
    long? Offset { get; set; }

    /// <summary>
    /// How the group's leader divides the partitions; all members must know a common one. Cooperative-sticky unless set; with any other every rebalance
    /// stops all partitions of all members for a while.
    /// </summary>
    PartitionAssignmentStrategy? PartitionAssignmentStrategy { set; }

    /// <summary>
    /// How often the member tells the group's coordinator that it lives: below <see cref="SessionTimeout"/>. A tenth of that unless set, 3 s at most.
    /// </summary>
    TimeSpan? HeartbeatInterval { set; }

    /// <summary>The type of the group's protocol, <c>consumer</c>.</summary>
    string GroupProtocolType { set; }

    /// <summary>How often the client asks anew which broker is the group's coordinator; 10 minutes by default.</summary>
    TimeSpan? CoordinatorQueryInterval { set; }

    /// <summary>How many messages of a partition the client itself tries to hold. Half of <see cref="PrefetchCount"/>, 100 at least, unless set.</summary>
    int? QueuedMinMessages { set; }

    /// <summary>How many KiB the client itself holds at most, of all partitions together. 32,768 unless set.</summary>
    int? QueuedMaxMessagesKbytes { set; }

    /// <summary>Checks the checksums of what is fetched, at some cost of processor time; false by default.</summary>
    bool? CheckCrcs { set; }

    /// <summary>How the client fetches messages.</summary>
    void ConfigureFetch(Action<IKafkaFetchConfigurator> configure);

    /// <summary>
    /// Whether messages of transactions that are open or were aborted are consumed too. <see cref="IsolationLevel.ReadCommitted"/> unless set: they are not.
    /// </summary>
    void UseIsolationLevel(IsolationLevel isolationLevel);

    /// <summary>Reads headers in another form, in place of the rider's. What it throws makes the message undecodable. Not for batch consumers.</summary>
    void SetHeadersDeserializer(IHeadersDeserializer deserializer);

    /// <summary>
    /// Is told of every commit that had something to commit, and how it ended, one at a time. It runs on the client's threads and must not wait there; what it
    /// throws is logged.
    /// </summary>
    void SetOffsetsCommittedHandler(Action<CommittedOffsets> offsetsCommittedHandler);

    /// <summary>
    /// Gets librdkafka's statistics, JSON as its STATISTICS.md describes, about once a second. It runs on the thread that polls and must not wait there; what it
    /// throws is logged.
    /// </summary>
    void SetStatisticsHandler(Action<string> statisticsHandler);
}
