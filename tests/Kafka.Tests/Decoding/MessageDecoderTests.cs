using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka.Tests;

public sealed class MessageDecoderTests
{
    private const string Noise = """{"id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","type":"noise","device":"d","decibel":3}""";
    private const string NoiseUrn = "urn:message:IotBus.Kafka.Tests:Noise";

    private static readonly JsonTypes Json = JsonTypes.Of(ReadingsJsonContext.Default);
    private readonly MessageDecoder<Reading> _decoder = new([new MessageType<Reading, Warmth>(Json, "warmth"), new MessageType<Reading, Noise>(Json, "noise")], "type");

    [Fact]
    public void The_header_tells_the_type_before_the_JSON_does()
    {
        var message = Decode("""{"type":"warmth","id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","device":"d","decibel":3}""", ("MT-MessageType", NoiseUrn));

        Assert.IsType<Noise>(message.Message);
    }

    [Theory]
    [InlineData(NoiseUrn + ";urn:message:IotBus.Kafka.Tests:Reading")]
    [InlineData("urn:message:Elsewhere:Louder;" + NoiseUrn)]
    public void A_header_may_name_several_types_of_which_one_is_known(string header) =>
        Assert.IsType<Noise>(Decode(Noise, ("MT-MessageType", header)).Message);

    [Fact]
    public void Without_the_header_the_JSON_member_tells_the_type_wherever_it_stands()
    {
        var message = Decode("""{"extra":{"type":"warmth","deep":[{"type":1}]},"device":"d","decibel":3,"id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","type":"noise"}""");

        Assert.IsType<Noise>(message.Message);
    }

    [Fact]
    public void The_identifier_is_that_of_the_header()
    {
        var message = Decode(Noise, ("MessageId", "0197C2F0-5B1E-7C3A-9D55-3F1F6A2B4C6D"));

        Assert.Equal(Guid.Parse("0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d"), message.MessageId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no identifier")]
    [InlineData("0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d and more")]
    public void An_identifier_that_is_none_counts_as_missing(string header) =>
        Assert.Equal(MessageIds.Of("topic", 2, 7), Decode(Noise, ("MessageId", header)).MessageId);

    [Theory]
    [InlineData(null, DeadLetterReasons.NullValue)]
    [InlineData("null", DeadLetterReasons.Malformed)]
    [InlineData("", DeadLetterReasons.Malformed)]
    [InlineData("[1]", DeadLetterReasons.Malformed)]
    [InlineData("{\"type\":\"noise\"", DeadLetterReasons.Malformed)]
    [InlineData("""{"type":"noise","id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","device":"d"}""", DeadLetterReasons.Malformed)]
    [InlineData("""{"type":"noise","id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","device":"d","decibel":"loud"}""", DeadLetterReasons.Malformed)]
    [InlineData("""{"type":"noise","id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","device":"d","decibel":3} {}""", DeadLetterReasons.Malformed)]
    [InlineData("""{"type":"smell"}""", DeadLetterReasons.UnknownType)]
    [InlineData("""{"type":7}""", DeadLetterReasons.UnknownType)]
    [InlineData("""{"kind":"noise"}""", DeadLetterReasons.UnknownType)]
    [InlineData("""{"\ud800":1}""", DeadLetterReasons.Malformed)]
    [InlineData("""{"type":"\udc00noise"}""", DeadLetterReasons.Malformed)]
    public void What_cannot_be_read_is_told_by_its_reason(string? value, string reason)
    {
        var exception = Assert.Throws<UndecodableException>(() => Decode(value));

        Assert.Equal(reason, exception.Reason);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(1_763_600_000_000_000)]
    public void A_timestamp_that_no_calendar_holds_makes_the_message_undecodable(long microseconds)
    {
        var result = Result(Encoding.UTF8.GetBytes(Noise));
        result.Message.Timestamp = new Timestamp(microseconds, TimestampType.CreateTime);

        Assert.Equal(DeadLetterReasons.Malformed, Assert.Throws<UndecodableException>(() => _decoder.Decode("topic", result)).Reason);
    }

    [Fact]
    public void A_header_with_an_unknown_type_is_not_overruled_by_the_JSON() =>
        Assert.Equal(DeadLetterReasons.UnknownType, Assert.Throws<UndecodableException>(() => Decode(Noise, ("MT-MessageType", "urn:message:Elsewhere:Noise"))).Reason);

    private TopicMessage<Reading> Decode(string? value, params (string Name, string Value)[] headers) =>
        _decoder.Decode("topic", Result(value is null ? null : Encoding.UTF8.GetBytes(value), headers));

    private static ConsumeResult<byte[], byte[]> Result(byte[]? value, params (string Name, string Value)[] headers)
    {
        Headers all = [];
        foreach (var (name, text) in headers)
            all.Add(name, Encoding.UTF8.GetBytes(text));

        return new ConsumeResult<byte[], byte[]>
        {
            Topic = "topic",
            Partition = 2,
            Offset = 7,
            Message = new Message<byte[], byte[]> { Value = value!, Headers = all, Timestamp = new Timestamp(DateTimeOffset.UnixEpoch) },
        };
    }
}
