using System.Text.Json;
using MassTransit.Serialization;

namespace IotBus.Kafka;

/// <summary>MassTransit's JSON options without its indentation, which would be sent with every message.</summary>
internal static class CompactJson
{
    private static Copy? _last;

    /// <summary>Follows MassTransit's, which an application may replace while it configures its bus.</summary>
    public static JsonSerializerOptions Options
    {
        get
        {
            var source = SystemTextJsonMessageSerializer.Options;
            var last = _last;
            if (last is null || !ReferenceEquals(last.Source, source))
                _last = last = new Copy(source, new JsonSerializerOptions(source) { WriteIndented = false });

            return last.Options;
        }
    }

    private sealed record Copy(JsonSerializerOptions Source, JsonSerializerOptions Options);
}
