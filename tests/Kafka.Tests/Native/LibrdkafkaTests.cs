namespace IotBus.Kafka.Tests;

public sealed class LibrdkafkaTests
{
    [Fact]
    public void A_missing_library_is_told_with_the_command_that_brings_it()
    {
        var exception = Assert.Throws<DllNotFoundException>(() => Librdkafka.Load([Path.Combine(AppContext.BaseDirectory, "none", "librdkafka.so.1")]));

        Assert.Contains("librdkafka 2.3 or newer is needed and none was found", exception.Message, StringComparison.Ordinal);
        Assert.Contains("./iotbus setup", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_none_of_ours_is_told_with_its_version_and_passed_over()
    {
        // Any library without librdkafka's version counts as version 0; the C library is always there.
        var exception = Assert.Throws<DllNotFoundException>(() => Librdkafka.Load(["libc.so.6"]));

        Assert.Contains("libc.so.6 is version 0.0.0", exception.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, Librdkafka.Load(["libc.so.6", Path.Combine(AppContext.BaseDirectory, "librdkafka.so.1"), "librdkafka.so.1"]));
    }

    [Fact]
    public void A_library_that_Confluent_Kafka_found_elsewhere_is_told_with_both_versions()
    {
        var exception = Assert.Throws<NotSupportedException>(() => Librdkafka.RequireSame(own: 0x02_03_00_ff, confluents: 0x02_0b_01_ff));

        Assert.Contains("Confluent.Kafka has loaded librdkafka 2.11.1 and the rider 2.3.0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Librdkafka.EnsureLoaded()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void This_process_has_one_library()
    {
        Librdkafka.EnsureLoaded();

        Librdkafka.RequireSame(NativeProducer.Version(), Confluent.Kafka.Library.Version);
    }
}
