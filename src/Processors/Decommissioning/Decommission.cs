using MassTransit;

namespace IotBus.Processors.Decommissioning;

/// <summary>A device on its way out of service, and afterwards what was done.</summary>
internal sealed class Decommission : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public string DeviceId { get; set; } = "";

    /// <summary>What becomes of the device's history, one of <see cref="Messages.DeviceHistories"/>.</summary>
    public string History { get; set; } = "";

    public DateTimeOffset RequestedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The steps, in their order.</summary>
    public List<DecommissionStepState> Steps { get; set; } = [];

    /// <summary>When the next attempt is due.</summary>
    public TimeSpan Pause { get; set; }

    public Guid? StepToken { get; set; }

    /// <summary>The step that is to be done; null after the last.</summary>
    public DecommissionStepState? Current => Steps.Find(step => step.EndedAt is null);
}

/// <summary>A step of a decommission.</summary>
internal sealed class DecommissionStepState
{
    public string Name { get; set; } = "";

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? LastError { get; set; }
}
