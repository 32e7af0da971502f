namespace IotBus.DevHost.Replay;

/// <summary>A row of the file that can be sent.</summary>
/// <param name="Row">Its number among all rows, from 1: with the file's content it makes the event's identifier.</param>
/// <param name="Line">The line it starts on, for people.</param>
/// <param name="Device">As in the file; the Api judges it.</param>
/// <param name="Zone">As in the file; the Api judges it.</param>
/// <param name="Temperature">°C.</param>
/// <param name="Humidity">% RH.</param>
/// <param name="Recorded">When it was measured, UTC; null when the file does not tell.</param>
internal readonly record struct Reading(
    long Row, long Line, string Device, string Zone, double Temperature, double Humidity, DateTimeOffset? Recorded);
