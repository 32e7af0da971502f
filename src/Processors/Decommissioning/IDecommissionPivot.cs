namespace IotBus.Processors.Decommissioning;

/// <summary>
/// What must succeed before a device counts as out of service, and after which there is no way back. It may be done more than once.
/// </summary>
internal interface IDecommissionPivot
{
    /// <summary>Takes from a device what lets it send.</summary>
    /// <exception cref="PivotFailedException">It was not done.</exception>
    Task RunAsync(string device, CancellationToken cancellationToken);
}
