using MassTransit;

namespace IotBus.KillMatrix.Parcels;

/// <summary>What is told of a parcel, in order.</summary>
public interface IParcelEvent : CorrelatedBy<Guid>;

/// <summary>Begins the saga.</summary>
public sealed record ParcelPacked(Guid CorrelationId) : IParcelEvent;

/// <summary>Moves it on.</summary>
public sealed record ParcelMoved(Guid CorrelationId, int Number) : IParcelEvent;

/// <summary>The saga wants to look at it again, soon after it was packed.</summary>
public sealed record ParcelChecked(Guid CorrelationId) : CorrelatedBy<Guid>;

/// <summary>Nothing was told of it for a day.</summary>
public sealed record ParcelLost(Guid CorrelationId) : CorrelatedBy<Guid>;
