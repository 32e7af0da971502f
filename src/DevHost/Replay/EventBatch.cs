using System.Buffers;
using System.Text.Json;
using IotBus.Messages;

namespace IotBus.DevHost.Replay;

/// <summary>The readings of one request, as NDJSON, and the file's line of each. Used again after <see cref="Clear"/>.</summary>
internal sealed class EventBatch(EventIds ids, Timeline timeline, int capacity) : IDisposable
{
    /// <summary>The Api takes 8 MiB; one line more must always fit.</summary>
    private const int MaxBytes = (8 * 1024 * 1024) - (2 * LineReader.MaxLength);

    private readonly ArrayBufferWriter<byte> _json = new(256 * 1024);
    private readonly List<(long FileLine, int End)> _lines = [];
    private Utf8JsonWriter? _writer;

    public int Count => _lines.Count;

    public bool IsFull => _lines.Count >= capacity || _json.WrittenCount >= MaxBytes;

    public ReadOnlyMemory<byte> Json => _json.WrittenMemory;

    public void Add(in Reading reading)
    {
        _writer ??= new Utf8JsonWriter(_json);
        _writer.Reset(_json);
        _writer.WriteStartObject();
        _writer.WriteString("type", EventTypes.Telemetry);
        _writer.WriteString("event_id", ids.For(reading.Row));
        _writer.WriteString("timestamp", timeline.TimeOf(reading).UtcDateTime);
        _writer.WriteString("device_id", reading.Device);
        _writer.WriteString("zone_id", reading.Zone);
        _writer.WriteNumber("temperature", reading.Temperature);
        _writer.WriteNumber("humidity", reading.Humidity);
        _writer.WriteEndObject();
        _writer.Flush();
        _json.Write("\n"u8);
        _lines.Add((reading.Line, _json.WrittenCount));
    }

    /// <summary>The file's line that stands in this line of the request, both from 1.</summary>
    public long FileLine(int requestLine) => requestLine >= 1 && requestLine <= _lines.Count ? _lines[requestLine - 1].FileLine : 0;

    /// <summary>Leaves only the lines of the request that the answer asks to send again, in their order.</summary>
    public void KeepUnacknowledged(IngestionAnswer answer)
    {
        var again = answer.Errors.Where(error => error.Retry).Select(error => error.Line).ToHashSet();
        var lines = _lines.ToArray();
        var json = _json.WrittenSpan.ToArray();
        Clear();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!again.Contains(i + 1) && !(i + 1 >= answer.ResumeFromLine))
                continue;

            _json.Write(json.AsSpan((i == 0 ? 0 : lines[i - 1].End)..lines[i].End));
            _lines.Add((lines[i].FileLine, _json.WrittenCount));
        }
    }

    public void Clear()
    {
        _json.ResetWrittenCount();
        _lines.Clear();
    }

    public void Dispose() => _writer?.Dispose();
}
