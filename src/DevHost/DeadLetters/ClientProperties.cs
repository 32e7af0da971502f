using IotBus.DevHost.CommandLine;

namespace IotBus.DevHost.DeadLetters;

/// <summary>A file of librdkafka's properties, such as <c>security.protocol=SASL_SSL</c>: one a line, comments behind <c>#</c> at a line's start.</summary>
internal static class ClientProperties
{
    private const int MaxBytes = 64 * 1024;

    /// <exception cref="UsageException">It cannot be read, or a line is no property.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new UsageException($"{path} is larger than {MaxBytes:N0} bytes: that is no file of Kafka properties.");

            Dictionary<string, string> properties = [];
            foreach (var (index, line) in File.ReadLines(path).Index())
            {
                var text = line.Trim();
                if (text.Length == 0 || text[0] == '#')
                    continue;

                // The line may hold a password: it is not repeated.
                var equals = text.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                    throw new UsageException($"{path}, line {index + 1}: a property is written name=value.");

                properties[text[..equals].TrimEnd()] = text[(equals + 1)..].TrimStart();
            }

            return properties;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message}");
        }
    }
}
