using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IotBus.MongoDb;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Rollouts;
using IotBus.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace IotBus.Processors.Tests.Commands;

/// <summary>The whole service with its bus on RabbitMQ.</summary>
public sealed class RabbitMqCommandTests
{
    [RabbitMqFact]
    public async Task A_rollout_goes_over_RabbitMQ()
    {
        await using var kafka = await KafkaServer.StartAsync();
        await using var mongo = await MongoServer.StartAsync();
        await using var rabbit = await RabbitMqServer.StartAsync();
        await using var queues = new ServiceQueues(rabbit);
        await using var client = new MongoClient(new MongoClientOptions { Uri = mongo.Uri });
        var database = client.GetDatabase(mongo.UniqueDatabaseName("rabbit"));
        await using var app = ProcessorsService.Create(
        [
            $"--Kafka:BootstrapServers={kafka.BootstrapServers}",
            $"--MongoDb:Uri={mongo.Uri}",
            $"--MongoDb:Database={database.Name}",
            $"--Topics:Telemetry:Name={await kafka.CreateTopicAsync("sensor-telemetry")}",
            $"--Topics:Alerts:Name={await kafka.CreateTopicAsync("sensor-alerts")}",
            $"--Topics:Commands:Name={await kafka.CreateTopicAsync("device-commands")}",
            $"--Processing:Group={kafka.NewGroup()}",
            $"--Processing:RolloutGroup={kafka.NewGroup()}",
            "--Bus:Transport=RabbitMq",
            $"--Bus:RabbitMq:Host={rabbit.Uri.Host}",
            $"--Bus:RabbitMq:Port={rabbit.Uri.Port}",
            $"--Bus:RabbitMq:VirtualHost={rabbit.VirtualHost}",
            $"--Bus:RabbitMq:Username={rabbit.Username}",
            $"--Bus:RabbitMq:Password={rabbit.Password}",
            "--Edge:Consumers:0:Username=operations",
            "--Edge:Consumers:0:Group=operator",
            "--Edge:Consumers:0:Keys:0=key",
            "--urls=http://127.0.0.1:0",
            "--Management:Url=http://127.0.0.1:0",
        ]);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        using var http = new HttpClient { BaseAddress = new Uri(addresses.First()) };
        http.DefaultRequestHeaders.Add("apikey", "key");
        using var management = new HttpClient { BaseAddress = new Uri(addresses.Last()) };
        await Eventually.TrueAsync(
            async () =>
            {
                using var ready = await management.GetAsync(new Uri("health/ready", UriKind.Relative));
                var said = await ready.Content.ReadAsStringAsync();
                return ready.IsSuccessStatusCode && said.Contains("\"name\":\"rabbitmq\",\"status\":\"healthy\"", StringComparison.Ordinal);
            },
            TimeSpan.FromMinutes(1));

        var request = new { version = "v2", device_ids = new[] { "d-1" }, wave_size = 1, max_failures = 1, confirm_timeout = 600 };
        using var answer = await http.PostAsJsonAsync(new Uri("rollouts", UriKind.Relative), request);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var rollout = await Eventually.ValueAsync(
            () => http.GetFromJsonAsync<JsonElement>(answer.Headers.Location), view => view.GetProperty("state").GetString() == "running");
        Assert.Equal(1, rollout.GetProperty("counts").GetProperty("requested").GetInt32());
        await app.StopAsync();
        await database.DropAsync();
    }

    /// <summary>What the service makes on a broker, which others may use too: removed at the end.</summary>
    private sealed class ServiceQueues(RabbitMqServer rabbit) : IAsyncDisposable
    {
        private static readonly string[] Queues = [RolloutAddress.QueueName, DecommissionAddress.QueueName];

        public async ValueTask DisposeAsync()
        {
            await using var connection = await new ConnectionFactory { Uri = rabbit.Uri }.CreateConnectionAsync();
            await using var channel = await connection.CreateChannelAsync();
            foreach (var name in Queues.SelectMany(queue => new[] { queue, $"{queue}_error", $"{queue}_skipped" }))
            {
                await channel.QueueDeleteAsync(name);
                await channel.ExchangeDeleteAsync(name);
            }
        }
    }
}
