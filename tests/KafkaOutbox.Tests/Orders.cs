using IotBus.Kafka;
using MassTransit;

namespace IotBus.KafkaOutbox.Tests;

/// <summary>What is consumed: so many notes are produced in one transaction.</summary>
public sealed record TakeNotes(int First, int Count, bool Fails = false);

/// <summary>What is produced.</summary>
public sealed record Note
{
    public int Number { get; init; }
}

/// <summary>Produces notes with two keys in turn.</summary>
internal sealed class TakeNotesConsumer(ITopicProducer<string, Note> notes) : IConsumer<TakeNotes>
{
    public async Task Consume(ConsumeContext<TakeNotes> context)
    {
        for (var number = context.Message.First; number < context.Message.First + context.Message.Count; number++)
        {
            var note = new Note { Number = number };
            await notes.Produce(number % 2 == 0 ? "even" : "odd", note, Pipe.Execute<KafkaSendContext<string, Note>>(
                sent => sent.Headers.Set("Taken", "yes")), context.CancellationToken);
        }

        if (context.Message.Fails)
            throw new InvalidOperationException("The consumer failed, as the test wants it.");
    }
}
