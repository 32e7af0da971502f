using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Produces letters to the topics they came from, as they were, in order. The time is that of the replay.</summary>
internal sealed class ReplayAction(LetterProducer producer) : ILetterAction
{
    public string Name => HandledMark.Replayed;

    public async Task<LetterTrouble?[]> ActAsync(IReadOnlyList<DeadLetter> letters, IReadOnlyDictionary<string, int> topics)
    {
        var troubles = new LetterTrouble?[letters.Count];
        List<(TopicPartition To, Message<byte[], byte[]> Message)> messages = [];
        List<int> indexes = [];
        for (var i = 0; i < troubles.Length; i++)
        {
            if (letters[i].WhyNotInto(topics) is { } why)
            {
                troubles[i] = new LetterTrouble(why);
                continue;
            }

            messages.Add((Destination(letters[i], topics), MessageOf(letters[i])));
            indexes.Add(i);
        }

        var errors = await producer.ProduceAsync(messages).ConfigureAwait(false);
        for (var i = 0; i < errors.Length; i++)
        {
            if (errors[i] is not { } error)
                continue;

            var topic = messages[i].To.Topic;
            troubles[indexes[i]] = LetterProducer.IsRefusal(error)
                ? new LetterTrouble($"Kafka does not take it into {topic}: {error.Reason}")
                : new LetterTrouble(error.Reason, producer.Unavailable(error, $"a message for {topic}"));
        }

        return troubles;
    }

    /// <summary>A key goes where the producer of the topic puts it; a message without one goes back to its partition.</summary>
    private static TopicPartition Destination(DeadLetter letter, IReadOnlyDictionary<string, int> topics)
    {
        var origin = letter.Origin!.Value;
        var partition = letter.KeyBytes is null && origin.Partition < topics[origin.Topic] ? new Partition(origin.Partition) : Partition.Any;
        return new TopicPartition(origin.Topic, partition);
    }

    private static Message<byte[], byte[]> MessageOf(DeadLetter letter)
    {
        Headers headers = [];

        // One without an identifier had been given one by where it was; it keeps that, though it comes to another place.
        if (letter.OwnMessageId is null && letter.MessageId is { } given)
            headers.Add(MessageHeaderNames.MessageId, GuidText.ToBytes(given));

        foreach (var header in letter.OwnHeaders())
            headers.Add(header.Key, header.GetValueBytes());

        return new Message<byte[], byte[]> { Key = letter.KeyBytes!, Value = letter.ValueBytes!, Headers = headers };
    }
}
