namespace IotBus.Persistence;

/// <summary>A saga was changed or removed between its reading and its writing. Behind the outbox the message is consumed again by itself.</summary>
public sealed class SagaConcurrencyException : Exception
{
    internal SagaConcurrencyException(Type saga, Guid correlationId, int version)
        : base($"{saga.Name} {correlationId} is no longer at version {version}: another message changed or ended it.")
    {
        CorrelationId = correlationId;
    }

    /// <summary>The saga's instance.</summary>
    public Guid CorrelationId { get; }
}
