using System.Globalization;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Up;

namespace IotBus.DevHost.DeadLetters;

/// <summary>Which Kafka is asked.</summary>
/// <param name="BootstrapServers">Its addresses.</param>
/// <param name="Origin">Where they were found, for a person; empty where that person named them.</param>
/// <param name="Properties">librdkafka's further settings.</param>
internal sealed record Broker(string BootstrapServers, string Origin, IReadOnlyDictionary<string, string> Properties)
{
    private const string Servers = "bootstrap.servers";

    /// <summary>What the command line names, then its file, then the environment, then what runs here.</summary>
    /// <exception cref="UsageException">There is none, or more than one runs here.</exception>
    public static Broker Choose(DlqOptions options, string? environment, IReadOnlyList<RunningSystem> running)
    {
        var properties = options.KafkaConfig is { } file ? ClientProperties.Read(file) : [];
        if (options.Kafka is { Length: > 0 } named)
            return new Broker(named, "", properties);

        if (properties.TryGetValue(Servers, out var configured) && configured.Length > 0)
            return new Broker(configured, $", named in {options.KafkaConfig}", properties);

        if (!string.IsNullOrWhiteSpace(environment))
            return new Broker(environment, ", named by KAFKA_BOOTSTRAP_SERVERS", properties);

        return running switch
        {
            [var one] => new Broker(one.Kafka, string.Create(CultureInfo.InvariantCulture, $", of the ./iotbus up that runs here (process {one.ProcessId})"), properties),
            [] => throw new UsageException(
                "There is no Kafka to ask: no ./iotbus up of this checkout runs. Name one with --kafka host:port or in KAFKA_BOOTSTRAP_SERVERS."),
            _ => throw new UsageException(
                "More than one ./iotbus up runs here. Choose with "
                + string.Join(" or ", running.Select(system => string.Create(CultureInfo.InvariantCulture, $"--kafka {system.Kafka} (process {system.ProcessId})"))) + "."),
        };
    }
}
