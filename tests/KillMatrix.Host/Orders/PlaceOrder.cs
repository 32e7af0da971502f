namespace IotBus.KillMatrix.Orders;

/// <summary>What is consumed.</summary>
public sealed record PlaceOrder(string Id);
