using System.Text;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

public sealed class Murmur2Tests
{
    /// <summary>The vectors of Apache Kafka's own test of its Java client (UtilsTest.testMurmur2).</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void The_hash_is_that_of_the_Java_client(string key, int expected) =>
        Assert.Equal(expected, unchecked((int)Murmur2.Hash(Encoding.UTF8.GetBytes(key))));

    [Fact]
    public async Task A_message_goes_to_the_partition_that_the_Java_client_would_choose()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings", 7);
        await using var host = await ReadingsHost.ProducerAsync(kafka, topic);
        var producer = host.Producer<string, Reading>();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => producer.Produce($"device-{n}", Some.Warmth($"device-{n}"))));

        var messages = RawConsumer.Read(kafka, topic, 50);
        Assert.Equal(50, messages.Count);
        Assert.All(messages, message => Assert.Equal(Murmur2.Partition(message.Message.Key, 7), message.Partition.Value));
    }
}
