using IotBus.ServiceDefaults.Edge;

namespace IotBus.Api.Events;

/// <summary>For whom a consumer may send.</summary>
internal static class DeviceOwnership
{
    /// <summary>A gateway for any device, a device for itself.</summary>
    public static bool MaySendFor(this EdgeConsumer? consumer, string deviceId) =>
        consumer is not null
        && (consumer.IsIn(EdgeGroups.Gateway) || (consumer.IsIn(EdgeGroups.Device) && string.Equals(consumer.Username, deviceId, StringComparison.Ordinal)));

    public static string Refusal(EdgeConsumer? consumer, string deviceId) =>
        $"The consumer '{consumer?.Username}' may send only for the device of its own name, not for '{deviceId}'.";
}
