using System.Linq.Expressions;
using IotBus.MongoDb;
using MassTransit;

namespace IotBus.Persistence;

/// <summary>How the instances of a saga are stored.</summary>
public interface IMongoDbSagaRepositoryConfigurator<TSaga>
    where TSaga : class, ISagaVersion
{
    /// <summary>The collection: <c>sagas.</c> and the class's name in snake case if not set.</summary>
    string CollectionName { set; }

    /// <summary>Where the database is, for sagas without the outbox; otherwise the outbox's is used.</summary>
    void DatabaseFactory(Func<IServiceProvider, MongoDatabase> factory);

    /// <summary>
    /// Keeps instances that completed, for reports, in the state they ended in; <paramref name="forTime"/> later they go, or never if null. Without it they are
    /// removed at once. A message that comes to a kept instance finds it in its final state.
    /// </summary>
    void KeepCompleted(TimeSpan? forTime = null);

    /// <summary>
    /// Makes an index on a property. What a correlation compares by <c>==</c> has one made at its first use; this makes it at the start, or unique.
    /// </summary>
    void Index<TProperty>(Expression<Func<TSaga, TProperty>> property, bool unique = false);
}
