using System.Text.Json;
using System.Text.Json.Serialization;

namespace IotBus.Bench.Soak;

/// <summary>A reading of 200 bytes that says which one it is.</summary>
/// <param name="DeviceId">Its key.</param>
/// <param name="Sequence">Its number among those of its partition, from 0 and without gaps: its offset, if nothing went wrong.</param>
/// <param name="Temperature">°C.</param>
/// <param name="Humidity">% RH.</param>
/// <param name="Note">Fills it up.</param>
internal sealed record SoakMessage(string DeviceId, long Sequence, double Temperature, double Humidity, string Note)
{
    /// <summary>Bytes of a message's JSON.</summary>
    public const int Size = 200;

    private static readonly string Filler = new('x', Size);

    public static SoakMessage Of(string device, long sequence)
    {
        var message = new SoakMessage(device, sequence, 20 + (sequence % 1000 / 100.0), 40 + (sequence % 700 / 50.0), "");
        return message with { Note = Filler[..(Size - JsonSerializer.SerializeToUtf8Bytes(message, SoakJsonContext.Default.SoakMessage).Length)] };
    }
}

[JsonSerializable(typeof(SoakMessage))]
internal sealed partial class SoakJsonContext : JsonSerializerContext;
