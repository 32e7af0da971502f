namespace IotBus.Processors.Events;

/// <summary>A value and the instant, in event time, at which it held.</summary>
internal readonly record struct Known<T>(T Value, DateTimeOffset At);
