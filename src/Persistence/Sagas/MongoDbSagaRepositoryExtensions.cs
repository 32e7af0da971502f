using MassTransit;

namespace IotBus.Persistence;

/// <summary>Stores sagas in MongoDB.</summary>
public static class MongoDbSagaRepositoryExtensions
{
    /// <summary>
    /// <c>x.AddSagaStateMachine&lt;RolloutMachine, Rollout&gt;().MongoDbRepository(r => …)</c>. Behind <c>UseMongoDbOutbox</c> the instance is part of the message's
    /// transaction; elsewhere each write stands alone, with the <c>Version</c> in its filter, and <see cref="SagaConcurrencyException"/> when it was changed.
    /// </summary>
    /// <exception cref="BsonMapException">The class cannot be stored; the message names the property.</exception>
    public static ISagaRegistrationConfigurator<TSaga> MongoDbRepository<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<IMongoDbSagaRepositoryConfigurator<TSaga>>? configure = null)
        where TSaga : class, ISagaVersion
    {
        ArgumentNullException.ThrowIfNull(configurator);
        var repository = new MongoDbSagaRepositoryConfigurator<TSaga>();
        configure?.Invoke(repository);
        configurator.Repository(repository.Register);
        return configurator;
    }
}
