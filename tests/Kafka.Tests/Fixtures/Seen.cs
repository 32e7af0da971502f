using System.Collections.Concurrent;
using MassTransit;

namespace IotBus.Kafka.Tests;

/// <summary>What the consumer of single messages saw, and how it shall behave.</summary>
internal sealed class Seen
{
    private readonly ConcurrentQueue<Noise> _messages = new();
    private int _running;
    private int _most;

    /// <summary>Called before a message counts as seen. May wait or throw.</summary>
    public Func<ConsumeContext<Noise>, Task> OnMessage { get; set; } = _ => Task.CompletedTask;

    /// <summary>The messages whose consumer ended well, in the order of their ends.</summary>
    public IReadOnlyCollection<Noise> Messages => _messages;

    /// <summary>The most that were being consumed at one time.</summary>
    public int MostAtOnce => Volatile.Read(ref _most);

    public async Task ConsumeAsync(ConsumeContext<Noise> context)
    {
        var running = Interlocked.Increment(ref _running);
        for (var most = MostAtOnce; running > most; most = MostAtOnce)
            Interlocked.CompareExchange(ref _most, running, most);

        try
        {
            await OnMessage(context);
            _messages.Enqueue(context.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}

internal sealed class NoiseConsumer(Seen seen) : IConsumer<Noise>
{
    public Task Consume(ConsumeContext<Noise> context) => seen.ConsumeAsync(context);
}
