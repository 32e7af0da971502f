using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Handles the letters that a scan finds, chunk by chunk: what a chunk's letters need is done, and only then they are marked. What dies between
/// the two is done again by the next run. Used once.
/// </summary>
internal sealed class DeadLetterHandling(DeadLetterQueueOptions options, DeadLetterScan scan, LetterProducer producer, ILetterAction action, int? rate)
{
    private const int ChunkLetters = 2000;
    private const long ChunkBytes = 4 * 1024 * 1024;

    // A limited rate is kept several times a second.
    private readonly LetterChunk _chunk = new(rate is { } limit ? Math.Clamp(limit / 5, 1, ChunkLetters) : ChunkLetters, ChunkBytes);
    private readonly Dictionary<TopicPartition, MarkRanges> _marks = [];
    private readonly LettersLeft _left = new();
    private readonly long _started = options.Clock.GetTimestamp();

    /// <exception cref="KafkaUnavailableException">Kafka does not answer or acknowledge; what was acknowledged is marked.</exception>
    /// <exception cref="KafkaException">Kafka refuses to be read, or refuses a mark.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the chunk under way was finished and marked.</exception>
    public async Task<DeadLetterOutcome> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (record, kind) in scan.RecordsAsync(cancellationToken).ConfigureAwait(false))
            {
                if (kind == RecordKind.Other)
                    _chunk.Part(record.TopicPartition);
                else if (kind == RecordKind.Selected)
                    _chunk.Add(new DeadLetter(record), record.TopicPartition);

                if (_chunk.IsFull)
                    await FinishChunkAsync(cancellationToken).ConfigureAwait(false);
            }

            await FinishChunkAsync(cancellationToken).ConfigureAwait(false);
            return new DeadLetterOutcome(scan.Done, _left.ToList());
        }
        finally
        {
            scan.Report();
        }
    }

    private async Task FinishChunkAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_chunk.Letters.Count == 0)
            return;

        var troubles = await action.ActAsync([.. _chunk.Letters.Select(item => item.Letter)], scan.Topics).ConfigureAwait(false);
        foreach (var ((letter, joined), trouble) in _chunk.Letters.Zip(troubles))
        {
            MarksOf(letter.Place).Add(letter.Place.Offset, joined, trouble is null);
            if (trouble is { Stop: null })
                _left.Add(letter, trouble.Why);
        }

        await MarkAsync().ConfigureAwait(false);
        scan.Done += troubles.Count(trouble => trouble is null);
        scan.Left += troubles.Count(trouble => trouble is { Stop: null });
        _chunk.Clear();
        if (troubles.FirstOrDefault(trouble => trouble?.Stop is not null) is { Stop: { } stop })
            throw stop;

        await KeepRateAsync(cancellationToken).ConfigureAwait(false);
    }

    private MarkRanges MarksOf(MessagePlace place)
    {
        var partition = new TopicPartition(place.Topic, place.Partition);
        if (!_marks.TryGetValue(partition, out var marks))
            _marks[partition] = marks = new MarkRanges();

        return marks;
    }

    private async Task MarkAsync()
    {
        var now = options.Clock.GetUtcNow();
        List<(TopicPartition To, Message<byte[], byte[]> Message)> marks =
        [
            .. _marks.SelectMany(marks => marks.Value.Take().Select(ranges => (marks.Key, new HandledMark(action.Name, now, options.Operator, ranges).ToMessage()))),
        ];
        var errors = await producer.ProduceAsync(marks).ConfigureAwait(false);
        for (var i = 0; i < errors.Length; i++)
        {
            if (errors[i] is not { } error)
                continue;

            var what = $"the mark in {marks[i].To.Topic} that letters were {action.Name}: they are still there, and doing it again changes nothing";
            throw LetterProducer.IsRefusal(error)
                ? new KafkaException(new Error(error.Code, $"Kafka does not take {what}. {error.Reason}"))
                : producer.Unavailable(error, what);
        }
    }

    private async Task KeepRateAsync(CancellationToken cancellationToken)
    {
        if (rate is not { } limit)
            return;

        var ahead = TimeSpan.FromSeconds((double)scan.Done / limit) - options.Clock.GetElapsedTime(_started);
        if (ahead > TimeSpan.Zero)
            await Task.Delay(ahead, options.Clock, cancellationToken).ConfigureAwait(false);
    }
}
