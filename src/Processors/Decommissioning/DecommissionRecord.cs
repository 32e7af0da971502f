namespace IotBus.Processors.Decommissioning;

/// <summary>That a device is out of service: a document of <c>decommissioned</c>.</summary>
internal sealed record DecommissionRecord(string DeviceId, Guid OperationId, string History, DateTimeOffset At);
