using System.Collections.Concurrent;
using MassTransit;

namespace IotBus.Kafka.Tests;

/// <summary>What became of the scopes of <see cref="ScopedConsumer"/>s.</summary>
internal sealed class Scopes
{
    private readonly ConcurrentQueue<string> _events = new();

    /// <summary>In the order in which they happened.</summary>
    public IReadOnlyCollection<string> Events => _events;

    /// <summary>Called when a consumer is made.</summary>
    public Action<ScopedService> OnMade { get; set; } = _ => { };

    /// <summary>Called when a consumer consumes.</summary>
    public Func<ScopedService, ConsumeContext<Noise>, Task> OnMessage { get; set; } = (_, _) => Task.CompletedTask;

    public void Note(string what) => _events.Enqueue(what);
}

/// <summary>A scoped service that its scope has to dispose of, and that asks its scope for the message.</summary>
internal sealed class ScopedService(Scopes scopes, ConsumeContext context, IPublishEndpoint publish) : IAsyncDisposable
{
    public ConsumeContext Context => context;

    public IPublishEndpoint Publish => publish;

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        scopes.Note($"disposed of {Decibel}");
    }

    public int Decibel => context.TryGetMessage<Noise>(out var noise) ? noise.Message.Decibel : 0;
}

internal sealed class ScopedConsumer : IConsumer<Noise>
{
    private readonly ScopedService _service;
    private readonly Scopes _scopes;

    public ScopedConsumer(ScopedService service, Scopes scopes)
    {
        (_service, _scopes) = (service, scopes);
        scopes.OnMade(service);
    }

    public async Task Consume(ConsumeContext<Noise> context)
    {
        await _scopes.OnMessage(_service, context);
        _scopes.Note($"consumed {context.Message.Decibel}");
    }
}

/// <summary>A filter that wants the scope's service, and so makes the scope.</summary>
internal sealed class ScopedServiceFilter<T>(ScopedService service, Scopes scopes) : IFilter<ConsumeContext<T>>
    where T : class
{
    public Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        scopes.Note($"filtered {service.Decibel}");
        context.GetOrAddPayload(() => service);
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("scopedService");
}
