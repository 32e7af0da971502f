using IotBus.Kafka;
using MassTransit;

namespace IotBus.KillMatrix;

/// <summary>What the host is told on its command line.</summary>
internal sealed class HostSettings
{
    public string Scenario { get; set; } = "";

    /// <summary>Where it is killed; nowhere if empty.</summary>
    public string Step { get; set; } = "";

    public string Kafka { get; set; } = "";

    public string MongoDb { get; set; } = "";

    public string Database { get; set; } = "";

    /// <summary>What it consumes.</summary>
    public string Topic { get; set; } = "";

    /// <summary>What it produces to.</summary>
    public string Notes { get; set; } = "";

    public string Group { get; set; } = "";

    /// <summary>Short, since the next process has to wait until the group has noticed that this one is gone.</summary>
    public TimeSpan SessionTimeout { get; set; }

    /// <summary>What the endpoints of all scenarios have in common.</summary>
    public void Tune(ITopicEndpointConfigurator endpoint)
    {
        endpoint.SessionTimeout = SessionTimeout;
        endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(100);
        endpoint.ConfigureReceive(received => received.UseFilter(new BeforeOffsets()));
    }
}
