using System.Text;
using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

/// <summary>What is written into a record is what is read from the topic, byte by byte.</summary>
public sealed class RecordBufferTests
{
    private static readonly PinnedText Name = new("Name");

    public static TheoryData<byte[]?, byte[]?> KeysAndValues => new()
    {
        { null, null },
        { [], [] },
        { [1], null },
        { null, [1] },
        { [0, 255, 0], [0, 1, 0] },
        { Bytes(3_000), Bytes(300_000) },
    };

    [Theory]
    [MemberData(nameof(KeysAndValues))]
    public async Task Keys_and_values_of_any_size_arrive_and_none_is_none(byte[]? key, byte[]? value)
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("records");
        using var producer = Producers.Start(kafka);

        await producer.Produce(topic, Producers.Message(key, value)).WaitAsync(Eventually.DefaultDeadline);

        var read = Assert.Single(RawConsumer.Read(kafka, topic, 1)).Message;
        Assert.Equal(key, read.Key);
        Assert.Equal(value, read.Value);
    }

    [Fact]
    public async Task Headers_arrive_in_their_order_however_many_and_large_they_are()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("records");
        using var producer = Producers.Start(kafka);
        Headers headers = [new Header("empty", []), new Header("none", null), new Header("Größe ☃", Encoding.UTF8.GetBytes("ü")), new Header("none", [1])];
        for (var i = 0; i < 60; i++)
            headers.Add($"header-{i}", Bytes(i * 17));

        await producer.Produce(topic, Producers.Message([1], [2], headers)).WaitAsync(Eventually.DefaultDeadline);

        var read = Assert.Single(RawConsumer.Read(kafka, topic, 1)).Message;
        Assert.Equal(Pairs(headers), Pairs(read.Headers));
        Assert.Equal([1, 2], [.. read.Key, .. read.Value]);
    }

    [Fact]
    public void What_was_written_before_the_memory_grew_stays_what_it_was()
    {
        var id = Guid.NewGuid();
        var record = RecordBuffer.Rent();
        record.SetKey("Schlüssel");
        record.Add(Name, id);
        for (var i = 0; i < 200; i++)
            record.Add(Name, Bytes(i));

        var message = record.ToMessage();

        Assert.Equal("Schlüssel", Encoding.UTF8.GetString(message.Key));
        Assert.Equal($"{id}", Encoding.UTF8.GetString(message.Headers[0].GetValueBytes()));
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(Bytes(i), message.Headers[i + 1].GetValueBytes()));
        Assert.Equal(message.Key.Length + (4 * 201) + 36 + Enumerable.Range(0, 200).Sum(), record.Size);
        record.Return();
    }

    [Fact]
    public void A_returned_record_is_empty_when_it_is_rented_again()
    {
        var first = RecordBuffer.Rent();
        first.SetKey([1]);
        first.Add(Name, [2]);
        first.Return();

        var second = RecordBuffer.Rent();

        Assert.Same(first, second);
        Assert.Equal((0, 0L, false, false), (second.HeaderCount, second.Size, second.HasKey, second.HasValue));
        Assert.NotSame(second, RecordBuffer.Rent());
        second.Return();
    }

    [Fact]
    public void A_large_record_after_another_takes_its_memory_at_once_and_a_small_one_takes_none()
    {
        var part = Bytes(1000);
        Allocated(300, part);

        Assert.InRange(Allocated(300, part), 300_000, 400_000);
        Assert.InRange(Allocated(1, part), 0, 100);
    }

    private static long Allocated(int headers, byte[] value)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var record = RecordBuffer.Rent();
        for (var i = 0; i < headers; i++)
            record.Add(Name, value);

        record.Return();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 31))];

    private static IEnumerable<(string, string?)> Pairs(Headers headers) =>
        headers.Select(header => (header.Key, header.GetValueBytes() is { } value ? Convert.ToHexString(value) : null));
}
