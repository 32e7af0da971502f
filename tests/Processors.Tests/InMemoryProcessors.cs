using IotBus.Kafka;
using Microsoft.AspNetCore.Builder;

namespace IotBus.Processors.Tests;

/// <summary>The service as it is composed in production, on a test's store and on Kafka in memory.</summary>
internal sealed class InMemoryProcessors : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InMemoryProcessors(WebApplication app) => _app = app;

    public static async Task<InMemoryProcessors> StartAsync(InMemoryKafka kafka, StoreFixture fixture, TestStore store)
    {
        var app = ProcessorsService.Create(
            [
                "--Kafka:BootstrapServers=no-broker:1",
                $"--MongoDb:Uri={fixture.Uri}",
                $"--MongoDb:Database={store.Database.Name}",
                "--urls=http://127.0.0.1:0",
                "--Management:Url=http://127.0.0.1:0",
                "--Logging:LogLevel:Default=None",
            ],
            builder => builder.Services.AddInMemoryKafka(kafka));
        await app.StartAsync();
        return new InMemoryProcessors(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
