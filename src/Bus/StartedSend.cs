namespace IotBus.Bus;

/// <summary>A send that was started.</summary>
/// <param name="Confirmed">Ends when the broker has the message.</param>
/// <param name="IsUnderWay">Whether it is on its way to the broker already: what is started next comes after it.</param>
internal readonly record struct StartedSend(Task Confirmed, bool IsUnderWay);
