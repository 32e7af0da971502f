using System.Buffers.Binary;

namespace IotBus.MongoDb.Tests.Documents;

/// <summary>Whatever the bytes are, reading them ends, and ends well or with <see cref="BsonFormatException"/>.</summary>
public sealed class BsonFuzzTests
{
    private const int Rounds = 100_000;

    private static readonly byte[][] Seeds =
    [
        Bson.Document(("hello", "world"), ("n", 5), ("l", 1L << 40), ("d", 20.5), ("b", true), ("x", (string?)null)).Span.ToArray(),
        Bson.Document(("_id", Guid.Parse("0197c6a4-0000-7000-8000-000000000000")), ("at", DateTimeOffset.UnixEpoch)).Span.ToArray(),
        Bson.Document(("a", Bson.Array(1, "two", Bson.Document(("three", Bson.Array(4.0)))))).Span.ToArray(),
        Bson.Document(
            ("regex", new BsonValue(BsonType.RegularExpression, new byte[] { (byte)'a', 0, (byte)'i', 0 })),
            ("code", new BsonValue(BsonType.JavaScriptWithScope, Convert.FromHexString("0F0000000200000061000500000000"))),
            ("timestamp", new BsonValue(BsonType.Timestamp, new byte[8]))).Span.ToArray(),
    ];

    [Fact]
    public void Mutated_documents_are_read_or_refused()
    {
        var random = new Random(20_160_411);
        var read = 0;
        for (var round = 0; round < Rounds; round++)
            read += TryRead(Mutate(random, Seeds[random.Next(Seeds.Length)])) ? 1 : 0;

        Assert.InRange(read, 1, Rounds - 1);
    }

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        var random = new Random(4);
        var read = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(0, 64)];
            random.NextBytes(bytes);
            if (bytes.Length >= 6 && random.Next(4) > 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
                bytes[^1] = 0;
                bytes[4] = (byte)random.Next(0, 0x15);
                bytes[5] = 0;
            }

            read += TryRead(bytes) ? 1 : 0;
        }

        Assert.InRange(read, 1, Rounds - 1);
    }

    private static byte[] Mutate(Random random, byte[] seed)
    {
        var bytes = random.Next(8) switch
        {
            0 => seed[..random.Next(seed.Length)],
            1 => [.. seed, .. seed[..random.Next(seed.Length)]],
            2 => Splice(random, seed),
            _ => [.. seed],
        };
        for (var flips = random.Next(1, 4); flips > 0 && bytes.Length > 0; flips--)
            bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(0, 0x15) : random.Next(256));

        if (random.Next(2) == 0 && bytes.Length >= 5)
            BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);

        return bytes;
    }

    private static byte[] Splice(Random random, byte[] seed)
    {
        var other = Seeds[random.Next(Seeds.Length)];
        return [.. seed[..random.Next(seed.Length)], .. other[random.Next(other.Length)..]];
    }

    private static bool TryRead(byte[] bytes)
    {
        try
        {
            BsonWalk.All(new BsonReader(bytes));
            var document = new BsonDocument(bytes);
            foreach (var element in document)
                document.Contains(element.Name);

            document.ToJson();
            return true;
        }
        catch (BsonFormatException)
        {
            return false;
        }
    }
}
