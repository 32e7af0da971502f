using System.Net;
using System.Text;
using IotBus.MongoDb;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Api.Tests.Revocation;

/// <summary>A device that was taken out of service is turned away by the embedded edge.</summary>
public sealed class RevokedConsumerTests
{
    [Fact]
    public async Task A_revoked_devices_key_is_refused_and_its_neighbours_is_not()
    {
        await using var kafka = await KafkaServer.StartAsync();
        await using var mongo = await MongoServer.StartAsync();
        await using var client = new MongoClient(new MongoClientOptions { Uri = mongo.Uri });
        var database = client.GetDatabase(mongo.UniqueDatabaseName("revoked"));
        await using var app = ApiService.Create(
        [
            $"--Kafka:BootstrapServers={kafka.BootstrapServers}",
            $"--Topics:Telemetry:Name={await kafka.CreateTopicAsync("sensor-telemetry")}",
            $"--Topics:Alerts:Name={await kafka.CreateTopicAsync("sensor-alerts")}",
            $"--Topics:Commands:Name={await kafka.CreateTopicAsync("device-commands")}",
            $"--MongoDb:Uri={mongo.Uri}",
            $"--MongoDb:Database={database.Name}",
            "--Edge:Consumers:0:Username=a",
            "--Edge:Consumers:0:Keys:0=key-of-a",
            "--Edge:Consumers:0:RequestsPerSecond=10000",
            "--Edge:Consumers:1:Username=b",
            "--Edge:Consumers:1:Keys:0=key-of-b",
            "--urls=http://127.0.0.1:0",
            "--Management:Url=http://127.0.0.1:0",
        ]);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        Assert.Equal(HttpStatusCode.OK, await SendAsync(http, "a"));

        await database.GetCollection("edge.revoked").InsertOneAsync(Bson.Document(("_id", "a"), ("at", DateTimeOffset.UtcNow)));

        await Eventually.TrueAsync(async () => await SendAsync(http, "a") == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(http, "b"));
        await app.StopAsync();
        await database.DropAsync();
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, string device)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/event/boot", UriKind.Relative));
        request.Headers.Add("apikey", $"key-of-{device}");
        request.Content = new StringContent($$"""{"device_id":"{{device}}","zone_id":"hall-1"}""", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
