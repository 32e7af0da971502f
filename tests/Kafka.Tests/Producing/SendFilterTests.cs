using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class SendFilterTests
{
    [Fact]
    public async Task A_scoped_filter_has_the_services_of_the_scope_in_which_is_produced()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await HarnessHost.StartAsync(
            kafka,
            rider => rider.AddProducer<string, Warmth>(topic),
            configure: (context, k) => k.UseSendFilter(typeof(TenantFilter<>), context),
            services: services => services.AddScoped<Tenant>());
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Tenant>().Name = "acme";

        await scope.ServiceProvider.GetRequiredService<ITopicProducer<string, Warmth>>().Produce("a", Some.Warmth());

        Assert.Equal("acme", Assert.Single(RawConsumer.Read(kafka, topic, 1)).Headers()["Tenant"]);
    }

    [Fact]
    public async Task A_filter_of_the_rider_sees_the_context_of_Kafka_and_what_it_throws_the_caller_sees()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        KafkaSendContext<string, Warmth>? seen = null;
        await using var host = await HarnessHost.StartAsync(
            kafka,
            rider => rider.AddProducer<string, Warmth>(topic),
            configure: (_, k) => k.ConfigureSend(pipe => pipe.UseExecute(context =>
            {
                Assert.True(context.TryGetPayload(out KafkaSendContext? _));
                Assert.True(context.TryGetPayload(out KafkaSendContext<string, Warmth>? kafkaContext));
                seen = kafkaContext;
                if (kafkaContext.Message.Celsius > 100)
                    throw new InvalidOperationException("Too hot.");
            })));
        var producer = host.Get<ITopicProducer<string, Warmth>>();

        await producer.Produce("key", Some.Warmth());
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => producer.Produce("key", Some.Warmth(celsius: 101)));

        Assert.Equal("Too hot.", exception.Message);
        Assert.Equal("key", seen!.Key);
        Assert.Single(RawConsumer.Read(kafka, topic, 1));
    }

    private sealed class Tenant
    {
        public string Name { get; set; } = "";
    }

    private sealed class TenantFilter<T>(Tenant tenant) : IFilter<SendContext<T>>
        where T : class
    {
        public Task Send(SendContext<T> context, IPipe<SendContext<T>> next)
        {
            context.Headers.Set("Tenant", tenant.Name);
            return next.Send(context);
        }

        public void Probe(ProbeContext context)
        {
        }
    }
}
