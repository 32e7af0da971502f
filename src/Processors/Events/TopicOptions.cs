namespace IotBus.Processors.Events;

/// <summary>Settings of the section <c>Topics</c>.</summary>
public sealed class TopicOptions
{
    public const string Section = "Topics";

    public TopicSettings Telemetry { get; set; } = new() { Name = Messages.Topics.Telemetry };

    public TopicSettings Alerts { get; set; } = new() { Name = Messages.Topics.Alerts };

    /// <summary>Commands to devices.</summary>
    public TopicSettings Commands { get; set; } = new() { Name = Messages.Topics.DeviceCommands };
}

/// <summary>Settings of one topic.</summary>
public sealed class TopicSettings
{
    /// <summary>The topic's name; dead letters go to the same name with <c>.dlq</c>.</summary>
    public required string Name { get; set; }
}
