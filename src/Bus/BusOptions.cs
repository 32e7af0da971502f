using Microsoft.Extensions.Configuration;

namespace IotBus.Bus;

/// <summary>Settings of the section <c>Bus</c>.</summary>
public sealed class BusOptions
{
    public const string Section = "Bus";

    /// <summary><c>InMemory</c> or <c>RabbitMq</c>, in any case.</summary>
    public string Transport { get; set; } = nameof(BusTransportKind.InMemory);

    /// <summary>Which RabbitMQ; without effect in memory.</summary>
    public RabbitMqOptions RabbitMq { get; set; } = new();

    /// <summary>What <see cref="Transport"/> names.</summary>
    internal BusTransportKind Kind { get; private set; }

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong. The message names each key and what to change, and no secret.</exception>
    public static BusOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.GetSection(BusOptions.Section).Get<BusOptions>() ?? new BusOptions();
        options.Kind = KindOf(options.Transport);
        var faults = options.Kind == BusTransportKind.RabbitMq ? options.RabbitMq.Faults().ToList() : [];
        return faults.Count == 0 ? options : throw new InvalidOperationException(string.Join(' ', faults));
    }

    private static BusTransportKind KindOf(string name)
    {
        foreach (var kind in Enum.GetValues<BusTransportKind>())
        {
            if (string.Equals(name, kind.ToString(), StringComparison.OrdinalIgnoreCase))
                return kind;
        }

        throw new InvalidOperationException($"{Section}:Transport is '{name}': it must be InMemory or RabbitMq.");
    }
}
