using IotBus.Testing;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class SendObserverTests
{
    [Fact]
    public async Task MassTransits_test_harness_sees_what_is_produced()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        await using var host = await HarnessHost.StartAsync(kafka, rider => rider.AddProducer<string, Warmth>(topic));

        await host.Get<ITopicProducer<string, Warmth>>().Produce("a", Some.Warmth("seen"));
        await host.Get<ITopicProducer<string, Warmth>>().ProduceTombstone("a");

        var sent = Assert.Single(host.Harness.Sent.Select<Warmth>().ToList());
        Assert.Equal(("seen", $"loopback://localhost/kafka/{topic}"), (sent.Context.Message.Device, sent.Context.DestinationAddress!.ToString()));
        Assert.True(await host.Harness.Sent.Any<Tombstone>());
    }

    [Fact]
    public async Task Observers_of_the_bus_the_rider_and_the_producer_are_told_before_and_after_and_may_add_headers()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        var observers = Enumerable.Range(0, 4).Select(n => new Observer($"Seen-{n}")).ToArray();
        await using var host = await RiderHost.StartAsync(rider =>
        {
            rider.AddProducer<string, Warmth>(topic);
            rider.UsingKafka((_, k) =>
            {
                k.Host(kafka.BootstrapServers);
                k.ConnectSendObserver(observers[0]);
            });
        });
        host.Bus.ConnectSendObserver(observers[1]);
        host.Services.GetRequiredService<ITopicProducerProvider>().ConnectSendObserver(observers[2]);
        var handle = host.Producer<string, Warmth>().ConnectSendObserver(observers[3]);

        await host.Producer<string, Warmth>().Produce("a", Some.Warmth());

        Assert.All(observers, observer => Assert.Equal((1, 1, 0), observer.Counts));
        var headers = Assert.Single(RawConsumer.Read(kafka, topic, 1)).Headers();
        Assert.All(observers, observer => Assert.Equal("yes", headers[observer.Header]));
        handle.Disconnect();
        await host.Producer<string, Warmth>().Produce("a", Some.Warmth());
        Assert.Equal((1, 1, 0), observers[3].Counts);
    }

    [Fact]
    public async Task An_observer_is_told_of_a_failure_and_the_caller_sees_it_too()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        var observer = new Observer("Seen");
        await using var host = await RiderHost.StartAsync(rider =>
        {
            rider.AddProducer<string, Warmth>(topic);
            rider.UsingKafka((_, k) =>
            {
                k.Host(kafka.BootstrapServers);
                k.ConfigureProducer(producer => producer.MaxMessageBytes = 2000);
                k.ConnectSendObserver(observer);
            });
        });

        var failure = await Assert.ThrowsAsync<TopicProduceException>(() => host.Producer<string, Warmth>().Produce("a", Some.Warmth(new string('x', 3000))));

        Assert.Equal(ProduceFailure.Refused, failure.Failure);
        Assert.Same(failure, observer.Failure);
        Assert.Equal((1, 0, 1), observer.Counts);
        Assert.Empty(RawConsumer.Read(kafka, topic));
    }

    private sealed class Observer(string header) : ISendObserver
    {
        private (int Before, int After, int Failed) _counts;

        public string Header => header;

        public (int Before, int After, int Failed) Counts => _counts;

        public Exception? Failure { get; private set; }

        public Task PreSend<T>(SendContext<T> context)
            where T : class
        {
            _counts.Before++;
            context.Headers.Set(header, "yes");
            return Task.CompletedTask;
        }

        public Task PostSend<T>(SendContext<T> context)
            where T : class
        {
            _counts.After++;
            return Task.CompletedTask;
        }

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class
        {
            _counts.Failed++;
            Failure = exception;
            return Task.CompletedTask;
        }
    }
}
