namespace IotBus.Processors.Decommissioning;

/// <summary>
/// A step past the pivot. It may be done more than once, and must then change nothing. What it throws is shown to operators, and the step is tried again.
/// </summary>
internal interface IDecommissionStep
{
    /// <summary>Its name in <c>GET /operations/{id}</c>.</summary>
    string Name { get; }

    Task RunAsync(Decommission decommission, CancellationToken cancellationToken);
}
