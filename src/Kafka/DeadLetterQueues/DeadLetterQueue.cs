using System.Runtime.CompilerServices;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// The dead letters of a cluster: lists them, and takes them back to their topics or drops them. For an operator's program or a service; it needs
/// no rider and no administrator's rights. Thread-safe. It holds no connection between calls: each call opens its own, and reads what it needs as
/// a stream, in bounded memory (about 16 MiB, and 16 bytes for each run of letters handled before).
/// </summary>
/// <remarks>
/// <para>
/// Replaying produces a letter as it was, with its headers and its <c>MessageId</c>, to the topic it came from, into the partition of its key. Once
/// all in-sync replicas have it, a mark in the dead-letter topic says so, and the letter is not shown or replayed again. A replay that is
/// interrupted can be run again: what was replayed and not marked yet comes a second time with the same <c>MessageId</c>, by which consumers
/// with an inbox know it. Two replays at the same time do no more harm than that.
/// </para>
/// <para>
/// Every method throws <see cref="KafkaUnavailableException"/> when Kafka does not answer within <see cref="DeadLetterQueueOptions.Timeout"/>,
/// <see cref="KafkaException"/> when it refuses something, such as for lack of rights, and <see cref="InvalidOperationException"/> when
/// <see cref="DeadLetterQueueOptions.Configure"/> sets what librdkafka does not know.
/// </para>
/// </remarks>
public sealed class DeadLetterQueue
{
    private readonly DeadLetterQueueOptions _options;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="DllNotFoundException">librdkafka is missing or too old.</exception>
    public DeadLetterQueue(DeadLetterQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Librdkafka.EnsureLoaded();
        _options = options;
    }

    /// <summary>The names of the dead-letter topics, in order.</summary>
    public async Task<IReadOnlyList<string>> TopicsAsync(CancellationToken cancellationToken = default)
    {
        using var reader = new DeadLetterReader(_options);
        var topics = await reader.TopicsAsync(cancellationToken).ConfigureAwait(false);
        return [.. topics.Keys.Where(topic => DeadLetterSelection.IsDeadLetterTopic(topic, _options.Suffix)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The letters that fit and were neither replayed nor dropped, as they lie now; those of a partition in order.</summary>
    public async IAsyncEnumerable<DeadLetter> ReadAsync(
        DeadLetterSelection selection,
        IProgress<DeadLetterProgress>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        using var scan = new DeadLetterScan(_options, selection, progress);
        await foreach (var (record, kind) in scan.RecordsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (kind != RecordKind.Selected)
                continue;

            scan.Done++;
            yield return new DeadLetter(record);
        }
    }

    /// <summary>One letter; null when there is none at that place, or when it was replayed or dropped.</summary>
    /// <param name="place">Where it lies in its dead-letter topic, or where it came from.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<DeadLetter?> FindAsync(MessagePlace place, CancellationToken cancellationToken = default)
    {
        await foreach (var letter in ReadAsync(new DeadLetterSelection { Places = [place] }, null, cancellationToken).ConfigureAwait(false))
            return letter;

        return null;
    }

    /// <summary>How many letters fit, by topic and reason, and the newest of them.</summary>
    /// <param name="selection">Which letters.</param>
    /// <param name="newest">How many of the newest, 0 to 10,000.</param>
    /// <param name="progress">Is told now and then how far the reading is; never at the same time.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<DeadLetterSummary> SummarizeAsync(
        DeadLetterSelection selection, int newest = 20, IProgress<DeadLetterProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentOutOfRangeException.ThrowIfNegative(newest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newest, 10_000);
        using var scan = new DeadLetterScan(_options, selection, progress);
        var counts = new SummaryCounts(newest);
        await foreach (var (record, kind) in scan.RecordsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (kind == RecordKind.Handled)
                counts.Handled++;
            else if (kind == RecordKind.Selected)
                counts.Add(new DeadLetter(record), scan.Topics);

            scan.Done += kind == RecordKind.Selected ? 1 : 0;
        }

        return counts.ToSummary();
    }

    /// <summary>Takes the letters that fit back to the topics they came from.</summary>
    /// <param name="selection">Which letters.</param>
    /// <param name="progress">Is told now and then how far it is; never at the same time.</param>
    /// <param name="cancellationToken">Ends it: the letters under way are finished and marked first.</param>
    /// <returns>How many were replayed, and why others were not: those stay.</returns>
    public async Task<DeadLetterOutcome> ReplayAsync(
        DeadLetterSelection selection, IProgress<DeadLetterProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        using var scan = new DeadLetterScan(_options, selection, progress);
        using var producer = new LetterProducer(_options);
        return await new DeadLetterHandling(_options, scan, producer, new ReplayAction(producer), _options.ReplayRate)
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Marks the letters that fit as dropped. They lie in their topic until Kafka's retention takes them, and are not shown again.</summary>
    /// <param name="selection">Which letters.</param>
    /// <param name="progress">Is told now and then how far it is; never at the same time.</param>
    /// <param name="cancellationToken">Ends it: what was marked until then stays so.</param>
    public async Task<DeadLetterOutcome> DropAsync(
        DeadLetterSelection selection, IProgress<DeadLetterProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        using var scan = new DeadLetterScan(_options, selection, progress);
        using var producer = new LetterProducer(_options);
        return await new DeadLetterHandling(_options, scan, producer, new DropAction(), rate: null).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
