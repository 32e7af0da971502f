using System.Diagnostics;
using System.Globalization;
using IotBus.Bench.Processes;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Persistence;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace IotBus.Bench.Delivering;

/// <summary>A process that commits messages to the outbox on request, and delivers, or leaves that to another: a line in, lines of what happened out.</summary>
internal static class OutboxProcess
{
    public const string Role = "outbox-process";
    public const string Direct = "direct-";
    public const string Bus = "bus";
    public const string Kafka = "kafka";
    private const string Ready = "ready";

    public static async Task<ChildProcess> StartAsync(
        string mongoUri, string database, string bootstrapServers, bool delivers, CancellationToken cancellationToken)
    {
        var process = ChildProcess.StartRole(Role, mongoUri, database, bootstrapServers, $"{delivers}");
        return await process.ReadLineAsync(cancellationToken) == Ready ? process : throw await process.FailureAsync(cancellationToken);
    }

    public static int NumberOf(Guid id) => BitConverter.ToInt32(id.ToByteArray());

    /// <summary>Serves requests, <c>bus 7</c> or <c>direct-kafka 8</c>, until its input ends.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        using var host = Build(args[0], args[1], args[2], bool.Parse(args[3]));
        await host.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(Ready);
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            var request = line.Split(' ');
            await SendAsync(host.Services, request[0], int.Parse(request[1], CultureInfo.InvariantCulture), cancellationToken);
        }

        await host.StopAsync(cancellationToken);
        return 0;
    }

    private static IHost Build(string mongoUri, string database, string bootstrapServers, bool delivers)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new MongoClient(new MongoClientOptions { Uri = mongoUri }));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<MongoClient>().GetDatabase(database));
        builder.Services.AddSingleton<DeliveryReport>();
        builder.Services.AddSingleton<TopicTransport>();
        builder.Services.AddSingleton<IOutboxTransport>(provider => provider.GetRequiredService<TopicTransport>());
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddMongoDbOutbox(outbox =>
            {
                outbox.UseBusOutbox();
                if (!delivers)
                    outbox.DisableDeliveryService();
            });
            bus.AddConsumer<DeliveryConsumer>();
            bus.UsingInMemory((context, memory) => memory.ReceiveEndpoint(Delivery.BusQueue, e => e.ConfigureConsumer<DeliveryConsumer>(context)));
            bus.AddRider(rider =>
            {
                rider.AddProducer<string, SensorEvent>(Delivery.Topic, (_, producer) =>
                {
                    producer.MessageId(sensorEvent => sensorEvent.EventId);
                    producer.UseJson(MessagesJsonContext.Default);
                });
                rider.UsingKafka((_, kafka) => kafka.Host(bootstrapServers));
            });
        });
        return builder.Build();
    }

    private static async Task SendAsync(IServiceProvider services, string how, int number, CancellationToken cancellationToken)
    {
        var report = services.GetRequiredService<DeliveryReport>();
        var id = new Guid(number, 0, 0, new byte[8]);
        if (how.StartsWith(Direct, StringComparison.Ordinal))
        {
            report.Write(DeliveryReport.CalledWord, number, Stopwatch.GetTimestamp());
            await SendDirectlyAsync(services, how, number, id, cancellationToken);
            return;
        }

        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<MongoDbContext>();
        await database.BeginTransactionAsync(cancellationToken);
        var queue = new Uri($"queue:{(how == Bus ? Delivery.BusQueue : Delivery.KafkaQueue)}");
        var endpoint = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(queue);
        await endpoint.Send(new Delivery(number), context => context.MessageId = id, cancellationToken);
        report.Write(DeliveryReport.CalledWord, number, Stopwatch.GetTimestamp());
        await database.CommitTransactionAsync(cancellationToken);
        report.Write(DeliveryReport.CommittedWord, number, Stopwatch.GetTimestamp());
    }

    private static async Task SendDirectlyAsync(IServiceProvider services, string how, int number, Guid id, CancellationToken cancellationToken)
    {
        if (how.EndsWith(Bus, StringComparison.Ordinal))
        {
            var endpoint = await services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{Delivery.BusQueue}"));
            await endpoint.Send(new Delivery(number), context => context.MessageId = id, cancellationToken);
            return;
        }

        await services.GetRequiredService<TopicTransport>().ProduceAsync(id, cancellationToken);
        services.GetRequiredService<DeliveryReport>().Arrived(number);
    }
}
