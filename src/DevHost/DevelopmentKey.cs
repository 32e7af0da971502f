namespace IotBus.DevHost;

/// <summary>
/// The API key of a system started with <c>./iotbus up</c>. It is the same everywhere and no secret: that system listens on this machine only, and
/// a line that was once copied goes on working.
/// </summary>
internal static class DevelopmentKey
{
    public const string Value = "iotbus-dev-key";
}
