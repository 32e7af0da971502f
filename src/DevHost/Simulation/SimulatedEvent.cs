namespace IotBus.DevHost.Simulation;

/// <summary>A request that a simulated device sends.</summary>
/// <param name="Path">For example <c>event/telemetry</c>.</param>
/// <param name="Body">The JSON, or what a broken device sends instead.</param>
/// <param name="Kind">What the Api will make of it.</param>
internal sealed record SimulatedEvent(string Path, string Body, SimulatedKind Kind);

/// <summary>What the Api and the processors will make of a simulated event.</summary>
internal enum SimulatedKind
{
    /// <summary>New and valid.</summary>
    Good,

    /// <summary>Sent before, with the same identifier: taken, and without effect.</summary>
    Repeat,

    /// <summary>Rejected with 400.</summary>
    Bad,
}
