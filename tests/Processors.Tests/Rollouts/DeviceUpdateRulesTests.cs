using IotBus.Messages;
using IotBus.Processors.Rollouts;

namespace IotBus.Processors.Tests.Rollouts;

/// <summary>What an event means for the update of its device.</summary>
public sealed class DeviceUpdateRulesTests
{
    private static readonly DateTimeOffset Requested = Tests.Events.Noon;
    private static readonly DateTimeOffset Later = Requested.AddMinutes(1);

    [Fact]
    public void An_update_that_begins_is_started()
    {
        var after = After(Update(), Tests.Events.Update(to: "v2", at: Later));

        Assert.Equal((DeviceUpdateStates.Started, null), (after.State, after.SettledAt));
        Assert.Equal(Later, after.StartedAt);
    }

    [Fact]
    public void An_update_to_another_version_means_nothing() => Same(Update(), Tests.Events.Update(to: "v3", at: Later));

    [Theory]
    [InlineData(DeviceUpdateStates.Requested)]
    [InlineData(DeviceUpdateStates.Started)]
    public void A_boot_with_the_version_confirms(string state)
    {
        var after = After(Update(state), Tests.Events.Boot(firmware: "v2", at: Later));

        Assert.Equal((DeviceUpdateStates.Confirmed, Later), (after.State, after.SettledAt));
        Assert.Null(after.Reason);
    }

    [Fact]
    public void A_boot_with_another_version_fails()
    {
        var after = After(Update(), Tests.Events.Boot(firmware: "v1", at: Later));

        Assert.Equal((DeviceUpdateStates.Failed, DeviceUpdateReasons.OtherVersion), (after.State, after.Reason));
    }

    [Theory]
    [InlineData(Severities.High)]
    [InlineData(Severities.Critical)]
    public void A_grave_alert_fails(string severity)
    {
        var after = After(Update(DeviceUpdateStates.Started), Tests.Events.Alert(severity: severity, at: Later));

        Assert.Equal((DeviceUpdateStates.Failed, DeviceUpdateReasons.Alert), (after.State, after.Reason));
    }

    [Theory]
    [InlineData(Severities.Low)]
    [InlineData(Severities.Medium)]
    public void A_lesser_alert_means_nothing(string severity) => Same(Update(), Tests.Events.Alert(severity: severity, at: Later));

    [Fact]
    public void Telemetry_means_nothing() => Same(Update(), Tests.Events.Telemetry(at: Later));

    [Fact]
    public void What_speaks_against_a_device_counts_from_the_request_on()
    {
        var before = Requested.AddSeconds(-1);

        Same(Update(), Tests.Events.Boot(firmware: "v1", at: before));
        Same(Update(), Tests.Events.Alert(at: before));
        Same(Update(), Tests.Events.Alert(at: Later), received: before);
    }

    [Fact]
    public void A_boot_with_the_version_confirms_also_when_the_devices_clock_is_wrong()
    {
        var after = After(Update(), Tests.Events.Boot(firmware: "v2", at: DateTimeOffset.UnixEpoch));

        Assert.Equal(DeviceUpdateStates.Confirmed, after.State);
    }

    [Theory]
    [InlineData(DeviceUpdateStates.Waiting)]
    [InlineData(DeviceUpdateStates.Confirmed)]
    [InlineData(DeviceUpdateStates.Failed)]
    [InlineData(DeviceUpdateStates.Cancelled)]
    public void Who_was_not_asked_or_has_reached_the_end_stays_there(string state)
    {
        Same(Update(state), Tests.Events.Boot(firmware: "v2", at: Later));
        Same(Update(state), Tests.Events.Boot(firmware: "v1", at: Later));
    }

    private static DeviceUpdate Update(string state = DeviceUpdateStates.Requested) => new(Guid.NewGuid(), "sensor-1", "v2", state, Requested);

    private static DeviceUpdate After(DeviceUpdate update, SensorEvent happened) => DeviceUpdateRules.After(update, happened, Later, Later);

    private static void Same(DeviceUpdate update, SensorEvent happened, DateTimeOffset? received = null) =>
        Assert.Same(update, DeviceUpdateRules.After(update, happened, received ?? Later, Later));
}
