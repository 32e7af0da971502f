using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.Processors.Tests.Commands;

/// <summary>Taking devices out of service as operators command it.</summary>
public sealed class DecommissionEndpointTests(CommandHost host) : IClassFixture<CommandHost>
{
    [Fact]
    public async Task It_is_accepted_shown_step_by_step_and_ends()
    {
        await host.BootAsync("d-1", "v1");
        await KnownAsync("d-1");

        using var answer = await host.DeleteAsync("devices/d-1?history=purge");
        using var again = await host.DeleteAsync("devices/d-1");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var path = answer.Headers.Location!.OriginalString.TrimStart('/');
        Assert.Contains(again.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.NoContent });
        var end = await Eventually.ValueAsync(() => host.GetAsync(path), view => view.GetProperty("state").GetString() == "done");
        Assert.Equal("purge", end.GetProperty("history").GetString());
        Assert.All(end.GetProperty("steps").EnumerateArray(), step => Assert.True(step.TryGetProperty("ended_at", out _)));
        Assert.Equal(0, await host.Database.GetCollection("sensor_data").CountAsync(Bson.Document(("meta.device", "d-1"))));
        using var after = await host.DeleteAsync("devices/d-1");
        Assert.Equal(HttpStatusCode.NoContent, after.StatusCode);
    }

    [Fact]
    public async Task While_the_store_is_away_it_is_503_and_nothing_is_changed()
    {
        await host.BootAsync("d-2", "v1");
        await KnownAsync("d-2");

        host.Relay.Cut();
        using var answer = await host.DeleteAsync("devices/d-2");
        host.Relay.Restore();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(0, await host.Database.GetCollection("edge.revoked").CountAsync(Bson.Document(("_id", "d-2"))));
        Assert.Equal(0, await host.Database.GetCollection("decommissioned").CountAsync(Bson.Document(("_id", "d-2"))));
    }

    [Fact]
    public async Task What_is_not_known_is_404_and_what_is_not_valid_is_400()
    {
        using var unknown = await host.DeleteAsync("devices/nobody");
        using var invalid = await host.DeleteAsync("devices/no%20body?history=burn");
        using var operation = await host.Http.GetAsync(new Uri($"operations/{Guid.NewGuid()}", UriKind.Relative));

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.NotFound], [unknown.StatusCode, invalid.StatusCode, operation.StatusCode]);
        var errors = (await invalid.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["history", "id"], errors.EnumerateObject().Select(error => error.Name).Order());
    }

    private Task KnownAsync(string device) => Eventually.TrueAsync(
        async () => await host.Database.GetCollection("devices").CountAsync(Bson.Document(("_id.d", device))) == 1);
}
