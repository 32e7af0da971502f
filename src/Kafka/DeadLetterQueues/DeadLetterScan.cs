using System.Runtime.CompilerServices;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// One pass over the dead letters that a selection may fit, as they lie at its start. A letter's mark comes behind it, so the marks are read
/// first, then the letters; what is kept meanwhile are ranges of offsets. Not thread-safe.
/// </summary>
internal sealed class DeadLetterScan(DeadLetterQueueOptions options, DeadLetterSelection selection, IProgress<DeadLetterProgress>? progress) : IDisposable
{
    private const int ReportInterval = 100;

    private readonly DeadLetterReader _reader = new(options);
    private readonly Dictionary<TopicPartition, OffsetRanges> _handled = [];
    private long _read;
    private long _records;
    private long _reported;

    /// <summary>All topics of the cluster with the number of their partitions; known once the first record is there.</summary>
    public Dictionary<string, int> Topics { get; private set; } = [];

    /// <summary>Letters found, replayed or dropped so far: for the progress.</summary>
    public long Done { get; set; }

    /// <summary>Letters that could not be replayed so far: for the progress.</summary>
    public long Left { get; set; }

    /// <summary>Every record with what it is, each partition's in order.</summary>
    /// <exception cref="KafkaUnavailableException">Kafka does not answer.</exception>
    /// <exception cref="KafkaException">Kafka refuses it.</exception>
    public async IAsyncEnumerable<(ConsumeResult<byte[], byte[]> Record, RecordKind Kind)> RecordsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var spans = await SpansAsync(cancellationToken).ConfigureAwait(false);
        var letters = spans.ConvertAll(Narrowed);
        _records = spans.Sum(span => span.Length) + letters.Sum(span => span.Length);
        await foreach (var record in _reader.ReadAsync(spans, cancellationToken).ConfigureAwait(false))
        {
            Advance();
            if (HandledMark.Of(record) is { } mark)
                Keep(record.TopicPartition, mark);
        }

        await foreach (var record in _reader.ReadAsync(letters, cancellationToken).ConfigureAwait(false))
        {
            Advance();
            yield return (record, KindOf(record));
        }

        // Offsets without a record, such as a transaction's, were passed over.
        _read = _records;
        Report();
    }

    /// <summary>Tells how far it has come, whatever was told just now.</summary>
    public void Report() => progress?.Report(new DeadLetterProgress(_read, _records, Done, Left));

    public void Dispose() => _reader.Dispose();

    /// <summary>The dead-letter topics' partitions, from the first letter that may fit.</summary>
    private async Task<List<PartitionSpan>> SpansAsync(CancellationToken cancellationToken)
    {
        Topics = await _reader.TopicsAsync(cancellationToken).ConfigureAwait(false);
        List<PartitionSpan> spans = [];
        foreach (var (topic, partitions) in Topics.Where(topic => DeadLetterSelection.IsDeadLetterTopic(topic.Key, options.Suffix)))
        {
            if (selection.MayLieIn(topic, options.Suffix))
                spans.AddRange(await _reader.SpansAsync(topic, partitions, cancellationToken).ConfigureAwait(false));
        }

        return spans.ConvertAll(span => PlacesIn(span) is { } places ? span with { First = Math.Max(span.First, places.First) } : span);
    }

    /// <summary>Only up to the last letter that may fit.</summary>
    private PartitionSpan Narrowed(PartitionSpan span) =>
        PlacesIn(span) is { } places ? span with { End = Math.Min(span.End, places.End) } : span;

    /// <summary>The offsets that the selection names in a partition, if it names nothing but places in dead-letter topics.</summary>
    private (long First, long End)? PlacesIn(PartitionSpan span)
    {
        if (selection.Places.Count == 0 || !selection.Places.All(place => DeadLetterSelection.IsDeadLetterTopic(place.Topic, options.Suffix)))
            return null;

        var offsets = selection.Places
            .Where(place => place.Topic == span.Partition.Topic && place.Partition == span.Partition.Partition.Value)
            .Select(place => place.Offset)
            .ToList();
        return offsets.Count == 0 ? (span.End, span.First) : (offsets.Min(), offsets.Max() + 1);
    }

    private RecordKind KindOf(ConsumeResult<byte[], byte[]> record)
    {
        if (HandledMark.Of(record) is not null)
            return RecordKind.Mark;

        if (_handled.TryGetValue(record.TopicPartition, out var handled) && handled.Contains(record.Offset))
            return RecordKind.Handled;

        return selection.Fits(new DeadLetter(record), options.Suffix) ? RecordKind.Selected : RecordKind.Other;
    }

    private void Keep(TopicPartition partition, HandledMark mark)
    {
        if (!_handled.TryGetValue(partition, out var handled))
            _handled[partition] = handled = new OffsetRanges();

        foreach (var range in mark.Ranges)
            handled.Add(range[0], range[1]);
    }

    private void Advance()
    {
        _read++;
        if (Environment.TickCount64 - _reported < ReportInterval)
            return;

        _reported = Environment.TickCount64;
        Report();
    }
}
