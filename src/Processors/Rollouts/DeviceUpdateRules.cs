using IotBus.Messages;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// What an event of a device means for its update. A boot with the version confirms it at once, also where its start was never told. What speaks against the
/// device counts only from the request on, by the device's own clock and by the time of receipt: an alert or a boot that was kept back since before says nothing
/// of the update. Whose clock is wrong about that is still failed by the wave's time.
/// </summary>
internal static class DeviceUpdateRules
{
    /// <param name="update">The update, requested or started.</param>
    /// <param name="happened">The event.</param>
    /// <param name="received">When it was received.</param>
    /// <param name="now">When it is applied.</param>
    /// <returns>The update as it is now: the same instance if the event changes nothing.</returns>
    public static DeviceUpdate After(DeviceUpdate update, SensorEvent happened, DateTimeOffset received, DateTimeOffset now)
    {
        if (!DeviceUpdateStates.IsPending(update.State))
            return update;

        var sinceRequest = received >= update.RequestedAt && happened.Timestamp >= update.RequestedAt;
        return happened switch
        {
            FirmwareUpdateStarted start when start.UpdateTo == update.Version && update.State == DeviceUpdateStates.Requested =>
                update with { State = DeviceUpdateStates.Started, StartedAt = now },
            DeviceBooted boot when boot.Firmware == update.Version =>
                update with { State = DeviceUpdateStates.Confirmed, SettledAt = now },
            DeviceBooted when sinceRequest => Failed(update, DeviceUpdateReasons.OtherVersion, now),
            AlertRaised { Severity: Severities.High or Severities.Critical } when sinceRequest => Failed(update, DeviceUpdateReasons.Alert, now),
            _ => update,
        };
    }

    private static DeviceUpdate Failed(DeviceUpdate update, string reason, DateTimeOffset now) =>
        update with { State = DeviceUpdateStates.Failed, Reason = reason, SettledAt = now };
}
