using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>The functions of librdkafka's <c>rdkafka.h</c> that take messages and tell what became of them.</summary>
internal static partial class NativeProducer
{
    /// <summary><c>RD_KAFKA_EVENT_DR</c> and <c>RD_KAFKA_EVENT_ERROR</c>: the kinds of events.</summary>
    public const int DeliveryReports = 0x1, Error = 0x8;

    /// <summary><c>RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT</c>: all messages that have no report.</summary>
    public const int PurgeAll = 0x3;

    /// <summary>The client behind Confluent.Kafka's, as <c>rd_kafka_t *</c>. It lives until the producer is disposed.</summary>
    /// <exception cref="NotSupportedException">This version of Confluent.Kafka keeps it elsewhere.</exception>
    public static nint ClientOf(IClient client)
    {
        try
        {
            return ((SafeHandle)HandleOf(client.Handle)).DangerousGetHandle();
        }
        catch (Exception exception) when (exception is MissingMethodException or TypeLoadException or InvalidCastException)
        {
            throw new NotSupportedException(
                $"Confluent.Kafka {typeof(IClient).Assembly.GetName().Version} does not keep librdkafka's client where version 2.15 does: use that one.", exception);
        }
    }

    /// <summary>Of the library that these functions come from, as 0xMMmmrrpp.</summary>
    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_version")]
    public static partial int Version();

    /// <summary>Copies a message into the client's queue. The error to destroy, or 0.</summary>
    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_produceva")]
    public static unsafe partial nint Produce(nint client, NativeArgument* arguments, nuint count);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_error_code")]
    public static partial ErrorCode CodeOf(nint error);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_error_string")]
    public static partial nint TextOf(nint error);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_error_is_fatal")]
    public static partial int IsFatal(nint error);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_error_destroy")]
    public static partial void DestroyError(nint error);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_fatal_error")]
    public static partial ErrorCode FatalErrorOf(nint client, Span<byte> text, nuint size);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTopic(nint client, string name, nint configuration);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void DestroyTopic(nint topic);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_last_error")]
    public static partial ErrorCode LastError();

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_purge")]
    public static partial ErrorCode Purge(nint client, int flags);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_sasl_background_callbacks_enable")]
    public static partial nint EnableBackgroundSaslCallbacks(nint client);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_queue_get_main")]
    public static partial nint MainQueueOf(nint client);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void DestroyQueue(nint queue);

    /// <summary>Lets whoever polls go.</summary>
    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_queue_yield")]
    public static partial void Wake(nint queue);

    /// <summary>The next event, to be destroyed, or 0.</summary>
    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint Poll(nint queue, int milliseconds);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_event_type")]
    public static partial int TypeOf(nint @event);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_event_error")]
    public static partial ErrorCode ErrorOf(nint @event);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_event_error_string")]
    public static partial nint ErrorTextOf(nint @event);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_event_error_is_fatal")]
    public static partial int IsFatalEvent(nint @event);

    /// <summary>The next of an event's messages, which live as long as it does.</summary>
    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_event_message_array")]
    public static unsafe partial nuint MessagesOf(nint @event, NativeMessage** messages, nuint size);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void DestroyEvent(nint @event);

    [LibraryImport(Librdkafka.Name, EntryPoint = "rd_kafka_message_status")]
    public static unsafe partial PersistenceStatus StatusOf(NativeMessage* message);

    // Confluent.Kafka shows its client to no one. A test tells when a new version has it no more.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object HandleOf(Handle handle);
}
