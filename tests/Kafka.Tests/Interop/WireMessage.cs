using System.Text.Json;
using Confluent.Kafka;

namespace IotBus.Kafka.Tests;

/// <summary>A message byte by byte, as one of the two riders writes it.</summary>
internal sealed record WireMessage(string Name, byte[]? Key, byte[] Value, (string Name, byte[] Value)[] Headers)
{
    public static IReadOnlyList<WireMessage> Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Interop", file)));
        return
        [
            .. document.RootElement.GetProperty("messages").EnumerateArray().Select(message => new WireMessage(
                message.GetProperty("name").GetString()!,
                message.GetProperty("key").ValueKind == JsonValueKind.Null ? null : message.GetProperty("key").GetBytesFromBase64(),
                message.GetProperty("value").GetBytesFromBase64(),
                [.. message.GetProperty("headers").EnumerateArray().Select(header => (header[0].GetString()!, header[1].GetBytesFromBase64()))])),
        ];
    }

    public Message<byte[], byte[]> ToMessage()
    {
        Headers headers = [];
        foreach (var (name, value) in Headers)
            headers.Add(name, value);

        return new Message<byte[], byte[]> { Key = Key!, Value = Value, Headers = headers };
    }
}
