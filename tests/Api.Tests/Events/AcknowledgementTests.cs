using System.Net;
using System.Net.Sockets;
using System.Text;
using IotBus.Api.Tests.Fixtures;
using IotBus.Kafka;
using IotBus.Testing;

namespace IotBus.Api.Tests.Events;

/// <summary>What an answer promises, and what a device hears when Kafka does not keep up.</summary>
public sealed class AcknowledgementTests : IAsyncLifetime
{
    private const string Event = """{"device_id":"d","zone_id":"z"}""";
    private const string Id = "0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f";

    private ApiHost _api = null!;

    public async Task InitializeAsync() => _api = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Nothing_is_answered_before_Kafka_has_acknowledged()
    {
        var acknowledgement = new TaskCompletionSource();
        _api.Topics.Deliver = _ => acknowledgement.Task;

        var answer = _api.PostAsync("/event/boot", Event);
        await Eventually.TrueAsync(() => _api.Topics.Produced.Count == 1);
        Assert.False(answer.IsCompleted);
        acknowledgement.SetResult();

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(ProduceFailure.QueueFull, "1", "was not taken")]
    [InlineData(ProduceFailure.BacklogFull, "2", "was not taken")]
    [InlineData(ProduceFailure.NotAcknowledged, "5", "may or may not be recorded")]
    public async Task An_event_that_Kafka_does_not_acknowledge_is_to_be_sent_again(ProduceFailure failure, string seconds, string words)
    {
        _api.Topics.Fail(failure);

        using var response = await _api.PostAsync("/event/boot", $$"""{"device_id":"d","zone_id":"z","event_id":"{{Id}}"}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(seconds, Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = await ApiHost.BodyAsync(response);
        Assert.Contains(words, problem["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("send it again with the same event_id", problem["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(Id, problem["event_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_event_without_an_identifier_that_was_not_acknowledged_is_told_the_one_it_got()
    {
        _api.Topics.Fail(ProduceFailure.NotAcknowledged);

        using var response = await _api.PostAsync("/event/boot", Event);

        Assert.Equal(_api.Topics.Single.Event.EventId, (await ApiHost.BodyAsync(response))["event_id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task An_event_that_Kafka_refuses_is_not_to_be_sent_again()
    {
        _api.Topics.Fail(ProduceFailure.Refused);

        using var response = await _api.PostAsync("/event/boot", Event);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task A_producer_that_is_broken_is_logged_and_the_device_sends_again()
    {
        _api.Topics.Deliver = _ => throw new InvalidOperationException("The bus is gone.");

        using var response = await _api.PostAsync("/event/boot", Event);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("The bus is gone.", Assert.Single(_api.Errors.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_whose_device_hangs_up_early_is_recorded_and_no_error_is_logged()
    {
        await using var api = await ApiHost.StartOnKestrelAsync();
        var acknowledgement = new TaskCompletionSource();
        api.Topics.Deliver = _ => acknowledgement.Task;

        using (var socket = await SendAsync(api, Event, Event.Length))
        {
            await Eventually.TrueAsync(() => api.Topics.Produced.Count == 1);

            // Resets the connection rather than closing it in order.
            socket.LingerState = new LingerOption(true, 0);
        }

        acknowledgement.SetResult();

        await Scrape.EventuallyAsync(api, "iotbus_events_accepted_total{type=\"boot\"} 1");
        Assert.Empty(api.Errors.Entries);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_no_error_of_the_service()
    {
        await using var api = await ApiHost.StartOnKestrelAsync();

        using var socket = await SendAsync(api, Event[..10], Event.Length);
        socket.Shutdown(SocketShutdown.Send);

        await Scrape.EventuallyAsync(api, "iotbus_events_rejected_total{reason=\"malformed\"} 1");
        Assert.Empty(api.Errors.Entries);
        Assert.Empty(api.Topics.Produced);
    }

    private static async Task<Socket> SendAsync(ApiHost api, string body, int length)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /event/boot HTTP/1.1\r\nHost: x\r\napikey: {ApiHost.GatewayKey}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"));
        return socket;
    }
}
