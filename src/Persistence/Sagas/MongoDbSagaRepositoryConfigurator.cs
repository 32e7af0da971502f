using System.Linq.Expressions;
using IotBus.MongoDb;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Persistence;

/// <inheritdoc/>
internal sealed class MongoDbSagaRepositoryConfigurator<TSaga> : IMongoDbSagaRepositoryConfigurator<TSaga>
    where TSaga : class, ISagaVersion
{
    private readonly SagaCollectionOptions _options = new(typeof(TSaga));
    private Func<IServiceProvider, MongoDatabase>? _database;

    public string CollectionName { set => _options.Name = value; }

    public void DatabaseFactory(Func<IServiceProvider, MongoDatabase> factory) => _database = factory;

    public void KeepCompleted(TimeSpan? forTime = null)
    {
        _options.KeepsCompleted = true;
        _options.KeepsFor = forTime;
    }

    public void Index<TProperty>(Expression<Func<TSaga, TProperty>> property, bool unique = false)
    {
        var path = SagaFilter.PathOf(property.Body, property.Parameters[0])
            ?? throw new ConfigurationException($"{property} is no property of {typeof(TSaga).Name}.");
        _options.Indexes.Add(new IndexModel(Bson.Document((path, 1))) { Unique = unique });
    }

    public void Register(ISagaRepositoryRegistrationConfigurator<TSaga> services)
    {
        // Refuses a class that cannot be stored now, and not with the first message.
        _ = ((ObjectConverter)BsonMap.For(typeof(TSaga))).Members;
        services.AddPersistence(
            new MongoDbOutboxOptions(),
            provider => new PersistenceStore(_database?.Invoke(provider) ?? provider.GetRequiredService<MongoDatabase>()));
        services.TryAddSingleton(provider => new SagaCollection<TSaga>(
            provider.GetRequiredService<PersistenceStore>().Database,
            _options,
            provider.GetRequiredService<StoreSetup>(),
            provider.GetRequiredService<TimeProvider>()));
        services.RegisterLoadSagaRepository<TSaga, SagaRepositoryContextFactory<TSaga>>();
        services.RegisterQuerySagaRepository<TSaga, SagaRepositoryContextFactory<TSaga>>();
        services.RegisterSagaRepository<TSaga, SagaCollection<TSaga>, SagaConsumeContextFactory<SagaCollection<TSaga>, TSaga>,
            SagaRepositoryContextFactory<TSaga>>();
    }
}
