using IotBus.Messages;

namespace IotBus.Processors.Rollouts;

/// <summary>What a rollout sends to Kafka: with the transaction of the message that is consumed, in order.</summary>
internal interface IDeviceCommands
{
    Task SendAsync(FirmwareUpdateRequested command, CancellationToken cancellationToken);

    Task RaiseAsync(AlertRaised alert, CancellationToken cancellationToken);
}
