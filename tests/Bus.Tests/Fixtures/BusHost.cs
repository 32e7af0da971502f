using IotBus.MongoDb;
using IotBus.Persistence;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotBus.Bus.Tests;

/// <summary>A replica: a host with the bus that the settings ask for, inbox and outbox on a database, a consumer and a saga.</summary>
internal sealed class BusHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly OrderQueues _queues;

    private BusHost(IHost host, OrderQueues queues) => (_host, _queues) = (host, queues);

    /// <param name="database">The replicas share it.</param>
    /// <param name="settings">Of the section <c>Bus</c>, with their full names.</param>
    /// <param name="queues">The replicas share them.</param>
    /// <param name="name">What it writes beside the orders it places.</param>
    /// <param name="consumes">Whether it has endpoints; without, it only sends.</param>
    /// <param name="delivers">Whether it delivers the outbox.</param>
    /// <param name="isReady">Whether to wait until the bus is connected.</param>
    public static async Task<BusHost> StartAsync(
        MongoDatabase database,
        IReadOnlyDictionary<string, string?> settings,
        OrderQueues queues,
        string name = "a",
        bool consumes = true,
        bool delivers = true,
        bool isReady = true)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(queues);
        builder.Services.AddSingleton(new HostName(name));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddMongoDbOutbox(outbox =>
            {
                outbox.RetryTimeLimit = TimeSpan.FromDays(1);
                outbox.UseBusOutbox();
                if (!delivers)
                    outbox.DisableDeliveryService();
            });
            bus.AddConsumer<PlaceOrderConsumer>();
            bus.AddConsumer<ImpossibleOrderConsumer>();
            bus.AddConsumer<FindOrderConsumer>();
            bus.AddSagaStateMachine<TallyMachine, Tally>().MongoDbRepository();
            bus.UsingConfiguredBus(builder.Configuration, (context, configured) =>
            {
                if (consumes)
                    Endpoints(configured, context, queues);
            });
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = isReady);
        var host = builder.Build();
        await host.StartAsync();
        return new BusHost(host, queues);
    }

    /// <summary>Puts orders into the outbox, in one transaction.</summary>
    public Task PlaceAsync(Guid batch, int count) => SendAsync([.. Enumerable.Range(0, count).Select(_ => new PlaceOrder(Guid.NewGuid(), batch))]);

    public async Task SendAsync(params object[] messages)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<MongoDbContext>();
        var endpoints = scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>();
        await context.WithTransactionAsync(async (_, cancelled) =>
        {
            var endpoint = await endpoints.GetSendEndpoint(new Uri($"queue:{_queues.Orders}"));
            foreach (var message in messages)
                await endpoint.Send(message, cancelled);

            return true;
        });
    }

    /// <summary>Puts a publication into the outbox.</summary>
    public async Task PublishAsync(object message)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        await scope.ServiceProvider.GetRequiredService<MongoDbContext>().WithTransactionAsync(async (_, cancelled) =>
        {
            await publisher.Publish(message, cancelled);
            return true;
        });
    }

    /// <summary>Asks the consumers, and returns what they answer.</summary>
    public async Task<OrderFound> AskAsync(FindOrder request)
    {
        var client = _host.Services.GetRequiredService<IBus>().CreateRequestClient<FindOrder>(new Uri($"exchange:{_queues.Orders}"), RequestTimeout.After(m: 1));
        var answer = await client.GetResponse<OrderFound>(request);
        return answer.Message;
    }

    /// <summary>What its health check says of RabbitMQ.</summary>
    public async Task<HealthReportEntry> HealthAsync()
    {
        var report = await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "rabbitmq");
        return report.Entries["rabbitmq"];
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    private static void Endpoints(IBusFactoryConfigurator bus, IRegistrationContext context, OrderQueues queues)
    {
        bus.ReceiveEndpoint(queues.Orders, endpoint =>
        {
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureConsumer<PlaceOrderConsumer>(context);
            endpoint.ConfigureConsumer<ImpossibleOrderConsumer>(context);
            endpoint.ConfigureConsumer<FindOrderConsumer>(context);
        });
        bus.ReceiveEndpoint(queues.Tally, endpoint =>
        {
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureSaga<Tally>(context);
        });
    }
}
