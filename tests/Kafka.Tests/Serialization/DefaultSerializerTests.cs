using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka.Tests;

public sealed class DefaultSerializerTests
{
    private static readonly DefaultKafkaSerializerFactory Factory = new();
    private static readonly Guid Id = Guid.Parse("0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d");

    [Fact]
    public async Task Keys_of_the_usual_types_are_those_of_Confluents_serializers()
    {
        Assert.Equal("dévice"u8.ToArray(), await WriteAsync("dévice"));
        Assert.Equal([0, 0, 1, 2], await WriteAsync(258));
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 2], await WriteAsync(258L));
        Assert.Equal([1, 2], await WriteAsync(new byte[] { 1, 2 }));
        Assert.Null(await WriteAsync<string?>(null));
        Assert.Null(await WriteAsync<Null?>(null));
    }

    [Fact]
    public async Task Everything_else_is_raw_JSON()
    {
        Assert.Equal("\"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d\"", Encoding.UTF8.GetString(await WriteAsync(Id)));
        Assert.Equal(
            """{"id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","type":"noise","device":"d","decibel":61}""",
            Encoding.UTF8.GetString(await WriteAsync<Reading>(new Noise { EventId = Id, Device = "d", Decibel = 61 })));
        Assert.Null(await WriteAsync<Reading?>(null));
    }

    [Fact]
    public async Task What_was_written_is_read_again()
    {
        Assert.Equal("dévice", Read<string>(await WriteAsync("dévice")));
        Assert.Equal(258, Read<int>(await WriteAsync(258)));
        Assert.Equal(Id, Read<Guid>(await WriteAsync(Id)));
        Assert.Equal(new Version(1, 2), Read<Version>(await WriteAsync(new Version(1, 2))));
    }

    [Fact]
    public void A_GUID_is_read_with_and_without_quotes_and_nothing_else_is()
    {
        Assert.Equal(Id, Read<Guid>("0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d"u8));
        Assert.Contains("5 bytes are no GUID", Assert.Throws<FormatException>(() => Read<Guid>("other"u8)).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Read<Guid>("\""u8));
    }

    [Fact]
    public void Headers_are_read_by_name_and_of_several_the_first_counts()
    {
        Headers headers = [new Header("a", "1"u8.ToArray()), new Header("b", null), new Header("a", "2"u8.ToArray())];

        var provider = DictionaryHeadersSerialize.Deserializer.Deserialize(headers);

        Assert.True(provider.TryGetHeader("a", out var value));
        Assert.Equal("1", value);
        Assert.False(provider.TryGetHeader("b", out _));
        Assert.False(provider.TryGetHeader("A", out _));
        Assert.Equal([new KeyValuePair<string, object>("a", "1")], provider.GetAll());
    }

    private static Task<byte[]> WriteAsync<T>(T value) =>
        Factory.GetSerializer<T>().SerializeAsync(value, new SerializationContext(MessageComponentType.Key, "topic"));

    private static T Read<T>(ReadOnlySpan<byte> data) =>
        Factory.GetDeserializer<T>().Deserialize(data, false, new SerializationContext(MessageComponentType.Key, "topic"));
}
