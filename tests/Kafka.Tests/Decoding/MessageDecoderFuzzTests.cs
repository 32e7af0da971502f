using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka.Tests;

public sealed class MessageDecoderFuzzTests
{
    private const string Noise = """{"id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","type":"noise","device":"d","decibel":3}""";
    private const string Warmth = """{"extra":{"deep":[1,{"type":2}]},"celsius":-3.5e1,"device":"é😀","id":"0197c2f0-5b1e-7c3a-9d55-3f1f6a2b4c6d","type":"warmth"}""";

    // What breaks readers: halves of surrogate pairs, escapes cut short, numbers beyond every type, nesting, repeated members, bytes that are no UTF-8.
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            @"""\ud800"":1,", @"\ud800", @"\udc00\ud800", @"\u00", @"\u0000", @"""", @"\", @"{", @"}", @"[", @"]", @",", @":", @"null",
            @"true", @"1e999", @"-0", @"9223372036854775808", @"0.00000000000000000000000000001", @"""type"":", @"""type"":""noise"",",
            @"""type"":null,", @"""\u0074ype"":""\ud800"",", @"""id"":{},", @"""decibel"":1e400,", @"/*x*/", "//\n", "\uFEFF",
            new string('[', 100), new string('9', 400),
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0],
    ];

    private static readonly JsonTypes Json = JsonTypes.Of(ReadingsJsonContext.Default);
    private readonly MessageDecoder<Reading> _decoder = new([new MessageType<Reading, Warmth>(Json, "warmth"), new MessageType<Reading, Noise>(Json, "noise")], "type");

    [Fact]
    public void Any_bytes_under_any_headers_and_timestamp_either_decode_or_are_undecodable()
    {
        var random = new Random(20_261_120);
        byte[][] seeds = [Encoding.UTF8.GetBytes(Noise), Encoding.UTF8.GetBytes(Warmth)];
        var decoded = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var value = i % 8 == 0 ? Random(random) : Mutate(seeds[random.Next(seeds.Length)], random);
            var timestamp = random.Next(4) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.NextInt64(2_000_000_000_000);
            try
            {
                _decoder.Decode("topic", Result(value, timestamp, random));
                decoded++;
            }
            catch (UndecodableException exception)
            {
                Assert.True(exception.Reason is DeadLetterReasons.Malformed or DeadLetterReasons.UnknownType or DeadLetterReasons.NullValue);
            }
        }

        Assert.InRange(decoded, 1000, 99_000);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> value = [.. seed];
        for (var n = random.Next(4); n > 0 && value.Count > 0; n--)
        {
            var at = random.Next(value.Count);
            switch (random.Next(5))
            {
                case 0:
                    value[at] = (byte)random.Next(256);
                    break;
                case 1:
                    value.RemoveRange(at, Math.Min(random.Next(1, 8), value.Count - at));
                    break;
                case 2:
                    value.RemoveRange(at, value.Count - at);
                    break;
                default:
                    value.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
            }
        }

        return [.. value];
    }

    private static byte[] Random(Random random)
    {
        var value = new byte[random.Next(64)];
        random.NextBytes(value);
        return value;
    }

    private static ConsumeResult<byte[], byte[]> Result(byte[] value, long timestamp, Random random)
    {
        Headers headers = [];
        if (random.Next(3) == 0)
            headers.Add("MT-MessageType", random.Next(3) == 0 ? Random(random) : Encoding.UTF8.GetBytes("urn:message:IotBus.Kafka.Tests:Noise"));

        if (random.Next(3) == 0)
            headers.Add("MessageId", random.Next(3) == 0 ? null : Random(random));

        return new ConsumeResult<byte[], byte[]>
        {
            Topic = "topic",
            Partition = 2,
            Offset = 7,
            Message = new Message<byte[], byte[]> { Value = value, Headers = headers, Timestamp = new Timestamp(timestamp, TimestampType.CreateTime) },
        };
    }
}
