using System.Runtime.InteropServices;

namespace IotBus.Kafka.Embedded;

/// <summary>The functions of librdkafka's <c>rdkafka_mock.h</c> that the embedded broker uses.</summary>
internal static partial class MockCluster
{
    public const int ProducerType = 0;

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Configure(nint configuration, string name, string value, Span<byte> error, nuint errorSize);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_new")]
    public static partial nint NewClient(int type, nint configuration, Span<byte> error, nuint errorSize);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint New(nint client, int brokers);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void Destroy(nint cluster);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint Bootstraps(nint cluster);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void SetInitialRebalanceDelay(nint cluster, int milliseconds);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_set_controller_id")]
    public static partial void SetController(nint cluster, int broker);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateTopic(nint cluster, string topic, int partitions, int replication);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_topic_delete", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DeleteTopic(nint cluster, string topic);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_topic_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetTopicError(nint cluster, string topic, int error);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    public static partial void PushRequestErrors(nint cluster, short apiKey, nuint count, ReadOnlySpan<int> errors);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_clear_request_errors")]
    public static partial void ClearRequestErrors(nint cluster, short apiKey);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial int TakeBrokerDown(nint cluster, int broker);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial int BringBrokerUp(nint cluster, int broker);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial int SetRoundTripTime(nint cluster, int broker, int milliseconds);
}
