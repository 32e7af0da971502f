using System.Collections.Concurrent;
using System.Text;
using IotBus.Testing;
using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.DependencyInjection.Registration;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class ConsumerScopeTests
{
    private readonly InMemoryKafka _kafka = new();
    private readonly Scopes _scopes = new();

    [Fact]
    public async Task Each_message_has_a_scope_of_its_own_that_is_disposed_of_before_the_next()
    {
        await using var host = await ScopedHost.StartAsync(_kafka, _scopes);

        Append(1, 2);
        await _kafka.WhenConsumedAsync();

        Assert.Equal(["consumed 1", "disposed of 1", "consumed 2", "disposed of 2"], _scopes.Events);
    }

    [Fact]
    public async Task What_a_consumer_is_made_of_finds_the_message_in_its_scope_and_the_message_finds_the_scope()
    {
        ConsumeContext? injected = null, own = null;
        IServiceProvider? services = null;
        ScopedService? service = null, ofServices = null, ofScope = null;
        _scopes.OnMessage = (made, context) =>
        {
            (service, injected, own) = (made, made.Context, context);
            services = context.GetPayload<IServiceProvider>();
            ofServices = services.GetRequiredService<ScopedService>();
            ofScope = context.GetPayload<IServiceScope>().ServiceProvider.GetRequiredService<ScopedService>();
            return Task.CompletedTask;
        };
        await using var host = await ScopedHost.StartAsync(_kafka, _scopes);

        Append(1);
        await _kafka.WhenConsumedAsync();

        Assert.Same(own, injected);
        Assert.Same(service, ofServices);
        Assert.Same(service, ofScope);
        Assert.IsAssignableFrom<ConsumerConsumeContext<ScopedConsumer, Noise>>(own);
        Assert.True(own!.HasPayloadType(typeof(IServiceScope)));
    }

    [Fact]
    public async Task What_a_consumers_services_publish_belongs_to_the_conversation_of_its_message()
    {
        var published = new TaskCompletionSource<Guid?>();
        var conversation = Guid.NewGuid();
        _scopes.OnMessage = (service, _) => service.Publish.Publish(new Warmth { EventId = Guid.NewGuid(), Device = "d", Celsius = 1 });
        await using var host = await ScopedHost.StartAsync(_kafka, _scopes);
        var handle = host.Bus.ConnectReceiveEndpoint("warmths", endpoint => endpoint.Handler<Warmth>(context =>
        {
            published.SetResult(context.ConversationId);
            return Task.CompletedTask;
        }));
        await handle.Ready;

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1), new Confluent.Kafka.Headers { { "ConversationId", Encoding.UTF8.GetBytes($"{conversation}") } });

        Assert.Equal(conversation, await published.Task.WaitAsync(Eventually.DefaultDeadline));
    }

    [Fact]
    public async Task A_scoped_filter_and_the_consumer_behind_it_share_the_scope()
    {
        ScopedService? ofFilter = null, ofConsumer = null;
        _scopes.OnMessage = (service, context) =>
        {
            (ofFilter, ofConsumer) = (context.GetPayload<ScopedService>(), service);
            return Task.CompletedTask;
        };
        await using var host = await ScopedHost.StartAsync(
            _kafka, _scopes, (context, endpoint) => endpoint.UseConsumeFilter(typeof(ScopedServiceFilter<>), context));

        Append(1);
        await _kafka.WhenConsumedAsync();

        Assert.Equal(["filtered 1", "consumed 1", "disposed of 1"], _scopes.Events);
        Assert.Same(ofFilter, ofConsumer);
    }

    [Fact]
    public async Task A_consumer_that_cannot_be_made_makes_a_dead_letter_and_its_scope_is_disposed_of()
    {
        _scopes.OnMade = service =>
        {
            if (service.Decibel < 0)
                throw new ArgumentException("too quiet to be heard");
        };
        await using var host = await ScopedHost.StartAsync(_kafka, _scopes);

        Append(-1, 2);
        await _kafka.WhenConsumedAsync();

        Assert.Equal(["disposed of -1", "consumed 2", "disposed of 2"], _scopes.Events);
        var letter = Assert.Single(_kafka.Topic("noises.dlq").Records);
        Assert.Equal(("consumer_failed", "too quiet to be heard"), (letter.Header(DeadLetterHeaders.Reason), letter.Header(DeadLetterHeaders.ExceptionMessage)));
    }

    [Fact]
    public async Task Every_try_has_a_scope_of_its_own()
    {
        var tries = 0;
        _scopes.OnMessage = (_, _) => ++tries < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await using var host = await ScopedHost.StartAsync(_kafka, _scopes, (_, endpoint) => endpoint.UseMessageRetry(retry => retry.Immediate(2)));

        Append(1);
        await _kafka.WhenConsumedAsync();

        Assert.Equal(["disposed of 1", "disposed of 1", "consumed 1", "disposed of 1"], _scopes.Events);
    }

    [Fact]
    public async Task An_applications_own_decorator_of_the_consumer_factory_goes_on_working()
    {
        var decorated = new Decorated();
        await using var host = await ScopedHost.StartAsync(
            _kafka, _scopes, services: services => services.AddSingleton<IConsumerFactoryDecoratorRegistration<ScopedConsumer>>(decorated));

        Append(1);
        await _kafka.WhenConsumedAsync();

        Assert.Equal([typeof(Noise)], decorated.Sent);
        Assert.Equal(["consumed 1", "disposed of 1"], _scopes.Events);
    }

    [Fact]
    public async Task What_consumes_from_a_queue_of_the_bus_has_MassTransits_own_scope()
    {
        var consumed = new TaskCompletionSource<string?>();
        _scopes.OnMessage = (service, context) =>
        {
            consumed.SetResult(ReferenceEquals(service.Context, context) ? "the consumer's own context" : service.Context.GetType().Name);
            return Task.CompletedTask;
        };
        await using var host = await ScopedHost.StartAsync(_kafka, _scopes);
        var context = host.Services.GetRequiredService<Bind<IBus, IKafkaRider, IRiderRegistrationContext>>().Value;
        var handle = host.Bus.ConnectReceiveEndpoint("noises", endpoint => endpoint.ConfigureConsumer<ScopedConsumer>(context));
        await handle.Ready;

        await host.Bus.Publish(new Noise { EventId = Guid.NewGuid(), Device = "d", Decibel = 7 });

        Assert.StartsWith("ConsumeContextScope", await consumed.Task.WaitAsync(Eventually.DefaultDeadline), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => _scopes.Events.SequenceEqual(["consumed 7", "disposed of 7"]));
    }

    private void Append(params ReadOnlySpan<int> decibels)
    {
        foreach (var decibel in decibels)
            _kafka.Topic("noises").AppendText(null, NoiseHost.Json(decibel));
    }

    private sealed class Decorated : IConsumerFactoryDecoratorRegistration<ScopedConsumer>
    {
        private readonly ConcurrentQueue<Type> _sent = new();

        public IReadOnlyCollection<Type> Sent => _sent;

        public ReceivedMessageList Consumed => throw new NotSupportedException();

        public IConsumerFactory<ScopedConsumer> DecorateConsumerFactory(IConsumerFactory<ScopedConsumer> consumerFactory) =>
            new Noting(consumerFactory, _sent);
    }

    private sealed class Noting(IConsumerFactory<ScopedConsumer> inner, ConcurrentQueue<Type> sent) : IConsumerFactory<ScopedConsumer>
    {
        public Task Send<T>(ConsumeContext<T> context, IPipe<ConsumerConsumeContext<ScopedConsumer, T>> next)
            where T : class
        {
            sent.Enqueue(typeof(T));
            return inner.Send(context, next);
        }

        public void Probe(ProbeContext context) => inner.Probe(context);
    }
}
