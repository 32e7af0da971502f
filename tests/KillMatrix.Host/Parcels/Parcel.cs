using MassTransit;

namespace IotBus.KillMatrix.Parcels;

/// <summary>An instance of the saga.</summary>
public sealed class Parcel : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public Guid? LossToken { get; set; }

    public Guid? CheckToken { get; set; }

    public int Checks { get; set; }

    /// <summary>Each event that was applied, in order.</summary>
    public List<int> Moves { get; set; } = [];
}
