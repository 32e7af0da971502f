using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Processors.Rollouts;

/// <inheritdoc/>
internal sealed class KafkaDeviceCommands(ITopicProducer<string, FirmwareUpdateRequested> commands, ITopicProducer<string, AlertRaised> alerts)
    : IDeviceCommands
{
    public Task SendAsync(FirmwareUpdateRequested command, CancellationToken cancellationToken) =>
        commands.Produce(command.DeviceId, command, cancellationToken);

    public Task RaiseAsync(AlertRaised alert, CancellationToken cancellationToken) => alerts.Produce(alert.DeviceId, alert, cancellationToken);
}
