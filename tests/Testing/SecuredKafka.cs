using Confluent.Kafka;

namespace IotBus.Testing;

/// <summary>
/// The secured cluster that <c>IOTBUS_TEST_KAFKA_CONFIG</c> names: a properties file of librdkafka, <c>key=value</c> a line, <c>#</c> before a comment, with
/// <c>bootstrap.servers</c>, <c>security.protocol</c> and what else a client needs.
/// </summary>
public static class SecuredKafka
{
    private const string Variable = "IOTBUS_TEST_KAFKA_CONFIG";

    /// <summary>The client's settings; null where no file is named.</summary>
    /// <exception cref="FormatException">A line is no setting.</exception>
    public static ClientConfig? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? Parse(File.ReadAllLines(path)) : null;

    /// <exception cref="FormatException">A line is no setting; the message has its number and not its text, which may be a secret.</exception>
    public static ClientConfig Parse(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ClientConfig config = new();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;

            var separator = line.IndexOf('=', StringComparison.Ordinal);
            if (separator < 1)
                throw new FormatException($"Line {i + 1} is no setting: write key=value.");

            config.Set(line[..separator].Trim(), line[(separator + 1)..].Trim());
        }

        return config;
    }
}
