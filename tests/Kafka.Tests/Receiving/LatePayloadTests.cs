using MassTransit;

namespace IotBus.Kafka.Tests;

public sealed class LatePayloadTests
{
    private readonly InMemoryKafka _kafka = new();
    private readonly List<string> _found = [];

    [Fact]
    public async Task What_filters_add_to_a_message_is_found_behind_them_and_is_gone_with_it()
    {
        await using var host = await StartAsync(context =>
        {
            _found.Add(context.TryGetPayload<Note>(out var note) ? note.Text : "none");
            _found.Add(context.HasPayloadType(typeof(Note)) ? "has it" : "has it not");
            context.GetOrAddPayload(() => new Note("the consumer's"));
            context.GetOrAddPayload(() => new Other());
            _found.Add(context.GetPayload<Note>().Text);
            return Task.CompletedTask;
        }, endpoint => endpoint.UseExecute(context =>
        {
            if (context.Headers.Get<string>("note") is { } text)
                context.GetOrAddPayload(() => new Note(text));
        }));

        await ConsumeAsync(new Confluent.Kafka.Headers { { "note", "the filter's"u8.ToArray() } });
        await ConsumeAsync();

        Assert.Equal(["the filter's", "has it", "the filter's", "none", "has it not", "the consumer's"], _found);
    }

    [Fact]
    public async Task An_update_of_a_payload_behind_the_scope_is_seen_there_and_leaves_what_was_before_it()
    {
        Note? outside = null;
        await using var host = await StartAsync(context =>
        {
            context.AddOrUpdatePayload(() => new Note("new"), note => new Note(note.Text + ", updated"));
            context.AddOrUpdatePayload(() => new Note("new"), note => new Note(note.Text + " twice"));
            _found.Add(context.GetPayload<Note>().Text);
            outside = context.ReceiveContext.GetPayload<Note>();
            return Task.CompletedTask;
        }, endpoint => endpoint.UseExecute(context => context.ReceiveContext.GetOrAddPayload(() => new Note("the filter's"))));

        await ConsumeAsync();

        Assert.Equal(["the filter's, updated twice"], _found);
        Assert.Equal("the filter's", outside!.Text);
    }

    [Fact]
    public async Task An_update_of_what_the_endpoint_has_is_the_messages_alone()
    {
        await using var host = await StartAsync(context =>
        {
            var receive = context.ReceiveContext;
            _found.Add(receive.TryGetPayload<Note>(out var note) ? note.Text : "none");
            receive.AddOrUpdatePayload(() => new Note("added"), old => new Note(old.Text + ", updated"));
            receive.AddOrUpdatePayload(() => new Note("added"), old => new Note(old.Text + ", updated"));
            _found.Add(receive.GetPayload<Note>().Text);
            return Task.CompletedTask;
        });

        await ConsumeAsync();
        await ConsumeAsync();

        Assert.Equal(["none", "added, updated", "none", "added, updated"], _found);
    }

    [Fact]
    public async Task A_message_is_done_when_what_was_left_running_for_it_is()
    {
        var left = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        await using var host = await StartAsync(context =>
        {
            context.ReceiveContext.AddReceiveTask(left.Task);
            began.SetResult();
            return Task.CompletedTask;
        });

        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
        await began.Task;
        var consumed = _kafka.WhenConsumedAsync();

        Assert.False(consumed.IsCompleted);
        left.SetResult();
        await consumed;
    }

    private Task<RiderHost> StartAsync(
        Func<ConsumeContext<Noise>, Task> consume, Action<ITopicEndpointConfigurator<string, Reading>>? configure = null) =>
        NoiseHost.StartAsync(_kafka, "noises", "group", new Seen { OnMessage = consume }, (_, endpoint) => configure?.Invoke(endpoint));

    private Task ConsumeAsync(Confluent.Kafka.Headers? headers = null)
    {
        _kafka.Topic("noises").AppendText(null, NoiseHost.Json(1), headers);
        return _kafka.WhenConsumedAsync();
    }

    private sealed record Note(string Text);

    private sealed record Other;
}
