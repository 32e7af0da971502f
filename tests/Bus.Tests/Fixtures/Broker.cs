using IotBus.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace IotBus.Bus.Tests;

/// <summary>A test's own look at the broker, and the end of its queues.</summary>
internal sealed class Broker(RabbitMqServer server, OrderQueues queues) : IAsyncDisposable
{
    /// <summary>The settings with which a service finds it.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["Bus:Transport"] = "RabbitMq",
        ["Bus:RabbitMq:Host"] = server.Uri.Host,
        ["Bus:RabbitMq:Port"] = server.Uri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Bus:RabbitMq:VirtualHost"] = server.VirtualHost,
        ["Bus:RabbitMq:Username"] = server.Username,
        ["Bus:RabbitMq:Password"] = server.Password,
    };

    /// <summary>What the broker says to another declaration of a queue; null when it has no objection.</summary>
    public async Task<string?> ObjectionAsync(string queue, string type)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            await channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false, arguments: new Dictionary<string, object?> { ["x-queue-type"] = type });
            return null;
        }
        catch (OperationInterruptedException exception)
        {
            return exception.ShutdownReason?.ReplyText;
        }
    }

    /// <summary>Takes a message off a queue; null while there is none, or no queue.</summary>
    public async Task<BasicGetResult?> TakeAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return await channel.BasicGetAsync(queue, autoAck: true);
        }
        catch (OperationInterruptedException)
        {
            return null;
        }
    }

    /// <summary>How many messages are in a queue, none if it is not there.</summary>
    public async Task<uint> CountAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (OperationInterruptedException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var name in new[] { queues.Orders, queues.Tally }.SelectMany(queue => new[] { queue, $"{queue}_error", $"{queue}_skipped" }))
        {
            await channel.QueueDeleteAsync(name);
            await channel.ExchangeDeleteAsync(name);
        }
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = server.Uri }.CreateConnectionAsync();
}
