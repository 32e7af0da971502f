using System.ComponentModel;
using IotBus.Reporting.Documentation;
using IotBus.Reporting.Parameters;
using Microsoft.AspNetCore.Mvc;

namespace IotBus.Reporting.Devices;

/// <summary>Which device.</summary>
internal sealed class DeviceParameters : ICheckedParameters
{
    [FromRoute(Name = "id")]
    [Example("sensor-42", Pattern = Identifier.Pattern)]
    [Description("The device.")]
    public required string Id { get; init; }

    public void Read(ParameterErrors errors, TimeProvider time) => Identifier.Read(Id, "id", errors);
}
