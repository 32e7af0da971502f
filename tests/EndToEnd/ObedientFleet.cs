using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Messages;

namespace IotBus.EndToEnd;

/// <summary>
/// Devices that do what they are told on the command topic: each says that it starts, and boots with the version; all but those that never boot. A command that
/// comes again is obeyed once.
/// </summary>
internal sealed class ObedientFleet(HttpClient api, string bootstrapServers, string topic, Func<string, bool> boots) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Guid, string> _obeyed = [];
    private Task _running = Task.CompletedTask;

    /// <summary>How many commands came, each counted once.</summary>
    public int Commanded => _obeyed.Count;

    /// <summary>How many commands came more than once.</summary>
    public int Repeated { get; private set; }

    public void Start() =>
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task Run()
    {
        var settings = new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "fleet", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        while (!_stop.IsCancellationRequested)
        {
            var lines = new StringBuilder();
            var until = DateTime.UtcNow.AddMilliseconds(50);
            while (DateTime.UtcNow < until)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(20)) is { } message)
                    Obey(JsonSerializer.Deserialize(message.Message.Value, MessagesJsonContext.Default.FirmwareUpdateRequested)!, lines);
            }

            if (lines.Length > 0)
                await SendAsync(lines.ToString());
        }
    }

    private void Obey(FirmwareUpdateRequested command, StringBuilder lines)
    {
        if (!_obeyed.TryAdd(command.CommandId, command.DeviceId))
        {
            Repeated++;
            return;
        }

        var now = $"\"timestamp\":\"{DateTime.UtcNow:O}\"";
        lines.Append($"{{\"type\":\"firmware_update\",\"device_id\":\"{command.DeviceId}\",{now},\"version_to\":\"{command.Version}\"}}\n");
        if (boots(command.DeviceId))
            lines.Append($"{{\"type\":\"boot\",\"device_id\":\"{command.DeviceId}\",{now},\"zone_id\":\"hall-1\",\"firmware\":\"{command.Version}\"}}\n");
    }

    private async Task SendAsync(string lines)
    {
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var answer = await api.PostAsync(new Uri("/events", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }
}
