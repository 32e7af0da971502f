using System.Diagnostics.Tracing;
using System.Runtime.InteropServices;

namespace IotBus.MongoDb.Native;

/// <summary>
/// What libmongoc logs, as events of the source <c>IotBus.MongoDb</c>, instead of lines on the standard error of whoever hosts it.
/// What matters to a caller comes as an exception.
/// </summary>
[EventSource(Name = "IotBus.MongoDb")]
internal sealed class DriverLog : EventSource
{
    private static readonly DriverLog Instance = new();

    [Event(1, Level = EventLevel.Warning, Message = "{0}: {1}")]
    public void Warning(string domain, string message) => WriteEvent(1, domain, message);

    [Event(2, Level = EventLevel.Verbose, Message = "{0}: {1}")]
    public void Detail(string domain, string message) => WriteEvent(2, domain, message);

    [NonEvent]
    public static unsafe void Attach() => LibMongoc.mongoc_log_set_handler(&Receive, null);

    /// <summary>Notes what has no caller to tell.</summary>
    [NonEvent]
    public static void Note(string message) => Instance.Warning("binding", message);

    /// <remarks>It must not throw: its caller is C.</remarks>
    [NonEvent]
    [UnmanagedCallersOnly]
    private static unsafe void Receive(int level, byte* domain, byte* message, void* data)
    {
        const int warning = 2;
        if (!Instance.IsEnabled())
            return;

        var from = Marshal.PtrToStringUTF8((nint)domain) ?? "";
        var text = Marshal.PtrToStringUTF8((nint)message) ?? "";
        if (level <= warning)
            Instance.Warning(from, text);
        else
            Instance.Detail(from, text);
    }
}
