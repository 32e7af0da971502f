using System.Net;
using System.Net.Sockets;
using System.Text;
using IotBus.Api.Tests.Fixtures;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;

namespace IotBus.Api.Tests.Batches;

/// <summary>What a batch promises, and what its sender hears when Kafka does not keep up.</summary>
public sealed class BatchAcknowledgementTests
{
    [Fact]
    public async Task Nothing_is_answered_before_every_event_is_acknowledged()
    {
        await using var api = await ApiHost.StartAsync();
        var last = new TaskCompletionSource();
        api.Topics.Deliver = sensorEvent => sensorEvent.DeviceId == "d-2" ? last.Task : Task.CompletedTask;

        var answer = api.PostLinesAsync(Lines(3));
        await Eventually.TrueAsync(() => api.Topics.Produced.Count == 3);
        Assert.False(answer.IsCompleted);
        last.SetResult();

        using var response = await answer;
        Assert.Equal(3, (await ApiHost.BodyAsync(response))["accepted"]!.GetValue<int>());
    }

    [Fact]
    public async Task Reading_goes_on_while_events_wait_and_stops_at_the_bound()
    {
        await using var api = await ApiHost.StartAsync(builder => builder.Configuration["Batches:MaxInFlight"] = "4");
        var gate = new TaskCompletionSource();
        api.Topics.Deliver = _ => gate.Task;

        var answer = api.PostLinesAsync(Lines(10));
        await Eventually.TrueAsync(() => api.Topics.Produced.Count == 4);
        gate.SetResult();

        using var response = await answer;
        Assert.Equal(10, (await ApiHost.BodyAsync(response))["accepted"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"d-{i}"), api.Topics.Produced.Select(produced => produced.Key));
    }

    [Fact]
    public async Task No_more_than_the_bound_ever_waits()
    {
        await using var api = await ApiHost.StartAsync(builder => builder.Configuration["Batches:MaxInFlight"] = "4");
        var waiting = 0;
        var most = 0;
        api.Topics.Deliver = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref waiting));
            await Task.Yield();
            Interlocked.Decrement(ref waiting);
        };

        using var response = await api.PostLinesAsync(Lines(500));

        Assert.Equal(500, (await ApiHost.BodyAsync(response))["accepted"]!.GetValue<int>());
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task A_full_queue_holds_the_batch_back_and_keeps_its_order()
    {
        await using var api = await ApiHost.StartAsync();
        var gate = new TaskCompletionSource();
        var refused = 0;
        api.Topics.Deliver = sensorEvent => sensorEvent.DeviceId switch
        {
            "d-0" => gate.Task,
            "d-1" when Interlocked.Increment(ref refused) == 1 => Full(),
            _ => Task.CompletedTask,
        };

        var answer = api.PostLinesAsync(Lines(4));
        await Eventually.TrueAsync(() => Volatile.Read(ref refused) == 1);
        gate.SetResult();

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4, (await ApiHost.BodyAsync(response))["accepted"]!.GetValue<int>());
        Assert.Equal(["d-0", "d-1", "d-1", "d-2", "d-3"], api.Topics.Produced.Select(produced => produced.Key));
    }

    [Fact]
    public async Task A_queue_that_others_keep_full_is_answered_with_503()
    {
        await using var api = await ApiHost.StartAsync();
        api.Topics.Deliver = _ => Full();

        using var response = await api.PostLinesAsync(Lines(4));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("Retry-After")));
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((0, 0), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        Assert.True(answer["unacknowledged"]!.GetValue<int>() >= 1);
    }

    [Fact]
    public async Task Events_that_were_not_acknowledged_are_marked_and_the_batch_is_not_read_on()
    {
        await using var api = await ApiHost.StartAsync(builder => builder.Configuration["Batches:MaxInFlight"] = "2");
        api.Topics.Deliver = sensorEvent => sensorEvent.DeviceId == "d-2"
            ? Task.FromException(new TopicProduceException("t", ProduceFailure.NotAcknowledged, "Made to fail."))
            : Task.CompletedTask;

        using var response = await api.PostLinesAsync("{}\n" + Lines(100));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("5", Assert.Single(response.Headers.GetValues("Retry-After")));
        var answer = await ApiHost.BodyAsync(response);
        var accepted = answer["accepted"]!.GetValue<int>();
        Assert.Equal((1, 1), (answer["rejected"]!.GetValue<int>(), answer["unacknowledged"]!.GetValue<int>()));
        Assert.Equal(accepted + 3, answer["resume_from_line"]!.GetValue<int>());
        Assert.Equal(accepted + 1, api.Topics.Produced.Count);
        Assert.True(accepted < 98);
        var marked = Assert.Single(answer["errors"]!.AsArray(), error => error!["retry"] is not null)!;
        Assert.Equal(4, marked["line"]!.GetValue<int>());
        Assert.True(marked["retry"]!.GetValue<bool>());
        Assert.Equal(api.Topics.Produced[2].Event.EventId, marked["event_id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task Every_event_that_was_not_acknowledged_is_marked_however_many_they_are()
    {
        await using var api = await ApiHost.StartAsync(builder => builder.Configuration["Batches:MaxErrors"] = "1");
        var gate = new TaskCompletionSource();
        api.Topics.Deliver = _ => gate.Task;

        var answering = api.PostLinesAsync(Lines(50));
        await Eventually.TrueAsync(() => api.Topics.Produced.Count == 50);
        gate.SetException(new TopicProduceException("t", ProduceFailure.NotAcknowledged, "Made to fail."));

        using var response = await answering;
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal(50, answer["unacknowledged"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(1, 50), answer["errors"]!.AsArray().Select(error => error!["line"]!.GetValue<int>()));
    }

    [Fact]
    public async Task An_event_that_Kafka_refuses_is_rejected_and_the_rest_goes_on()
    {
        await using var api = await ApiHost.StartAsync();
        api.Topics.Deliver = sensorEvent => sensorEvent.DeviceId == "d-1"
            ? Task.FromException(new TopicProduceException("t", ProduceFailure.Refused, "Made to fail."))
            : Task.CompletedTask;

        using var response = await api.PostLinesAsync(Lines(3));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await ApiHost.BodyAsync(response);
        Assert.Equal((2, 1), (answer["accepted"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()));
        Assert.Null(answer["errors"]![0]!["retry"]);
    }

    [Fact]
    public async Task A_batch_that_breaks_off_keeps_what_arrived_and_is_no_error_of_the_service()
    {
        await using var api = await ApiHost.StartOnKestrelAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        var lines = Lines(3);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /events HTTP/1.1\r\nHost: x\r\napikey: {ApiHost.GatewayKey}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 9999\r\n\r\n{lines}"));
        await Eventually.TrueAsync(() => api.Topics.Produced.Count == 3);

        socket.Shutdown(SocketShutdown.Send);

        await Scrape.EventuallyAsync(api, "iotbus_events_accepted_total{type=\"boot\"} 3");
        Assert.Empty(api.Errors.Entries);
    }

    private static Task Full() => Task.FromException(new TopicProduceException("t", ProduceFailure.QueueFull, "Made to be full."));

    private static string Lines(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"type":"boot","device_id":"d-{{i}}","zone_id":"z"}""" + "\n"));
}
