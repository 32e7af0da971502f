namespace IotBus.DevHost.DeadLetters;

/// <summary>What <c>./iotbus dlq</c> does.</summary>
internal enum DlqVerb
{
    List,
    Show,
    Replay,
    Drop,
}
