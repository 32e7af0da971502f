using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>The settings of inbox, outbox and scheduled messages.</summary>
public interface IMongoDbOutboxConfigurator
{
    /// <summary>The connection string. Without it and the factory, the container's <see cref="MongoDatabase"/> is used.</summary>
    string Connection { set; }

    /// <summary>The database, with <see cref="Connection"/>; the one the connection string names if not set.</summary>
    string DatabaseName { set; }

    /// <summary>Where the database comes from.</summary>
    void DatabaseFactory(Func<IServiceProvider, MongoDatabase> factory);

    /// <summary>How long a message that was consumed is remembered: 7 days; a minute or more.</summary>
    TimeSpan DuplicateDetectionWindow { set; }

    /// <summary>
    /// How often the outbox is looked through for what is due and for what processes that died have left: 1 s; 10 ms to 1 min, and never more than a quarter
    /// of <see cref="LeaseDuration"/>. That quarter is enough while nothing is due and a change stream tells what comes.
    /// </summary>
    TimeSpan QueryDelay { set; }

    /// <summary>How many messages are read at once: 100; 1 to 10,000.</summary>
    int MessageDeliveryLimit { set; }

    /// <summary>How long delivering one message may take before it is tried again: 10 s.</summary>
    TimeSpan MessageDeliveryTimeout { set; }

    /// <summary>
    /// How long a process may be silent before another takes over what it delivers and ends its transactions: 20 s; at least one and a half times
    /// <see cref="MessageDeliveryTimeout"/>.
    /// </summary>
    TimeSpan LeaseDuration { set; }

    /// <summary>For how long a message is consumed again while the store is in the way: 90 s. Then it fails, as with any other exception.</summary>
    TimeSpan RetryTimeLimit { set; }

    /// <summary>The inbox's collection: <c>inbox.messages</c>.</summary>
    string InboxCollection { set; }

    /// <summary>The outbox's collection: <c>outbox</c>; <c>outbox.leases</c> and <c>outbox.processes</c> stand beside it.</summary>
    string OutboxCollection { set; }

    /// <summary>
    /// A name that this process has again after a restart, and no other process at the same time (a StatefulSet's pod). With it, what its predecessor left
    /// open is ended at once at the start, and not only after <see cref="LeaseDuration"/>.
    /// </summary>
    string InstanceId { set; }

    /// <summary>Leaves delivering to other processes.</summary>
    void DisableDeliveryService();

    /// <summary>
    /// Lets what is sent and published through a scope's <c>IPublishEndpoint</c> and <c>ISendEndpointProvider</c> outside consumers wait for the commit of
    /// the scope's <see cref="MongoDbContext"/>; nothing is sent without one.
    /// </summary>
    void UseBusOutbox();
}
