using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>What is about to be produced to a topic, beside what every send context tells: filters and pipes see it and change it.</summary>
#pragma warning disable CA1715, IDE1006 // The names are those that MassTransit's users know.
public interface KafkaSendContext : SendContext
{
    /// <summary>
    /// The partition it goes to; <see cref="Partition.Any"/>, the default, lets the key decide, or chance where there is none.
    /// </summary>
    Partition Partition { get; set; }
}

/// <inheritdoc/>
/// <typeparam name="T">The type of the message.</typeparam>
public interface KafkaSendContext<T> : SendContext<T>, KafkaSendContext
    where T : class
{
    /// <summary>Writes the value. The producer's own by default.</summary>
    IAsyncSerializer<T> ValueSerializer { get; set; }
}

/// <inheritdoc/>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="T">The type of the message.</typeparam>
public interface KafkaSendContext<TKey, T> : KafkaSendContext<T>
    where T : class
{
    TKey Key { get; set; }

    /// <summary>Writes the key. The producer's own by default.</summary>
    IAsyncSerializer<TKey> KeySerializer { get; set; }
}
#pragma warning restore CA1715, IDE1006
