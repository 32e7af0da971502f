using IotBus.KillMatrix;
using IotBus.KillMatrix.Orders;
using IotBus.KillMatrix.Parcels;
using IotBus.MongoDb;

var builder = Host.CreateApplicationBuilder(args);
var settings = builder.Configuration.Get<HostSettings>() ?? throw new InvalidOperationException("The host needs its settings on the command line.");
builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(settings);
builder.Services.AddSingleton(_ => new MongoClient(new MongoClientOptions { Uri = settings.MongoDb, AppName = $"kill-matrix-{settings.Scenario}" }));
builder.Services.AddSingleton(services => services.GetRequiredService<MongoClient>().GetDatabase(settings.Database));
builder.Services.AddHostedService<CommittedOffsets>();
switch (settings.Scenario)
{
    case EventsHost.Scenario:
        builder.AddEvents(settings);
        break;
    case OrdersHost.Scenario:
        builder.AddOrders(settings);
        break;
    case ParcelsHost.Scenario:
        builder.AddParcels(settings);
        break;
    default:
        throw new InvalidOperationException($"There is no scenario '{settings.Scenario}'.");
}

Death.At(settings.Step);
await builder.Build().RunAsync();
