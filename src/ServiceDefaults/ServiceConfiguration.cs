using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace IotBus.ServiceDefaults;

/// <summary>Where settings come from beside ASP.NET Core's own sources.</summary>
internal static class ServiceConfiguration
{
    private static readonly (string Variable, string Key)[] Variables =
    [
        ("KAFKA_BOOTSTRAP_SERVERS", "Kafka:BootstrapServers"),
        ("MONGODB_URI", "MongoDb:Uri"),
    ];

    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
    };

    public static void AddServiceConfiguration(this ConfigurationManager configuration)
    {
        IList<IConfigurationSource> sources = configuration.Sources;
        sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });

        var variables = new Dictionary<string, string?>();
        foreach (var (variable, key) in Variables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
                variables[key] = value;
        }

        // These rank with the other environment variables: above the files, below the command line.
        var position = 0;
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is EnvironmentVariablesConfigurationSource)
                position = i + 1;
        }

        sources.Insert(Math.Max(position, 1), new MemoryConfigurationSource { InitialData = variables });
    }
}
