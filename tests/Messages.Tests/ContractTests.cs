using MassTransit;

namespace IotBus.Messages.Tests;

/// <summary>The names on the wire, which outlive any version of the code.</summary>
public sealed class ContractTests
{
    [Fact]
    public void URNs_are_those_that_MassTransit_makes()
    {
        Assert.Equal(MessageUrns.DeviceBooted, MessageUrn.ForTypeString<DeviceBooted>());
        Assert.Equal(MessageUrns.TelemetryRecorded, MessageUrn.ForTypeString<TelemetryRecorded>());
        Assert.Equal(MessageUrns.FirmwareUpdateStarted, MessageUrn.ForTypeString<FirmwareUpdateStarted>());
        Assert.Equal(MessageUrns.AlertRaised, MessageUrn.ForTypeString<AlertRaised>());
    }

    [Fact]
    public void Types_are_those_that_devices_say()
    {
        Assert.Equal(["boot", "telemetry", "firmware_update", "alert"], EventTypes.All);
        Assert.Equal(["low", "medium", "high", "critical"], Severities.All);
    }

    [Fact]
    public void Topics_have_the_names_of_the_replaced_system()
    {
        Assert.Equal(("sensor-telemetry", "sensor-alerts"), (Topics.Telemetry, Topics.Alerts));
        Assert.Equal("sensor-alerts.dlq", Topics.DeadLetter(Topics.Alerts));
    }
}
