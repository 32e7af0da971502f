using IotBus.MongoDb;
using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Persistence;

/// <inheritdoc/>
internal sealed class MongoDbOutboxConfigurator(IBusRegistrationConfigurator services) : IMongoDbOutboxConfigurator
{
    private readonly MongoDbOutboxOptions _options = new();
    private string? _connection;
    private string? _databaseName;
    private Func<IServiceProvider, MongoDatabase>? _databaseFactory;
    private bool _usesBusOutbox;

    public string Connection { set => _connection = value; }

    public string DatabaseName { set => _databaseName = value; }

    public TimeSpan DuplicateDetectionWindow { set => _options.DuplicateDetectionWindow = value; }

    public TimeSpan QueryDelay { set => _options.QueryDelay = value; }

    public int MessageDeliveryLimit { set => _options.MessageDeliveryLimit = value; }

    public TimeSpan MessageDeliveryTimeout { set => _options.MessageDeliveryTimeout = value; }

    public TimeSpan LeaseDuration { set => _options.LeaseDuration = value; }

    public TimeSpan RetryTimeLimit { set => _options.RetryTimeLimit = value; }

    public string InboxCollection { set => _options.InboxCollection = value; }

    public string OutboxCollection
    {
        set
        {
            _options.OutboxCollection = value;
            _options.LeaseCollection = $"{value}.leases";
            _options.ProcessCollection = $"{value}.processes";
        }
    }

    public string InstanceId { set => _options.InstanceId = value; }

    public void DatabaseFactory(Func<IServiceProvider, MongoDatabase> factory) => _databaseFactory = factory;

    public void DisableDeliveryService() => _options.DeliversMessages = false;

    public void UseBusOutbox() => _usesBusOutbox = true;

    /// <exception cref="ConfigurationException">A setting is out of its range.</exception>
    public void Register()
    {
        foreach (var (name, problem) in _options.Validate())
            throw new ConfigurationException($"AddMongoDbOutbox: {name} {problem}.");

        // A saga's repository that was added before has left its own.
        services.RemoveAll<MongoDbOutboxOptions>();
        services.RemoveAll<PersistenceStore>();
        services.AddPersistence(_options, MakeStore);
        services.TryAddScoped<IOutboxContextFactory<MongoDbContext>, MongoDbOutboxContextFactory>();
        services.AddHostedService<OutboxDelivery>();
        if (_usesBusOutbox)
            services.Replace(ServiceDescriptor.Scoped<IScopedBusContextProvider<IBus>, BusOutboxContextProvider>());
    }

    private PersistenceStore MakeStore(IServiceProvider provider)
    {
        if (_databaseFactory is not null)
            return new PersistenceStore(_databaseFactory(provider));

        return _connection is null
            ? new PersistenceStore(provider.GetRequiredService<MongoDatabase>())
            : new PersistenceStore(_connection, _databaseName);
    }
}
