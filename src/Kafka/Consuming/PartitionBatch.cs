using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A batch, what it was made from, and how far it has come. Used by one worker.</summary>
internal sealed class PartitionBatch<T>
    where T : class
{
    private readonly DeadLetterProducer _deadLetters;
    private readonly Type _consumer;
    private readonly TimeProvider _clock;
    private readonly ConsumeResult<byte[], byte[]>[] _raw;
    private readonly List<(ConsumeResult<byte[], byte[]> Result, UndecodableException Why)> _undecodable = [];

    // What is in the dead-letter topic already, so that another try of the batch does not send it again.
    private readonly HashSet<long> _sent = [];

    private int _attempts;
    private DateTimeOffset? _firstFailure;

    public PartitionBatch(
        TopicAssignment assignment,
        ReadOnlySpan<ConsumeResult<byte[], byte[]>> taken,
        MessageDecoder<T> decoder,
        DeadLetterProducer deadLetters,
        Type consumer,
        TimeProvider clock)
    {
        (_deadLetters, _consumer, _clock) = (deadLetters, consumer, clock);
        _raw = taken.ToArray();
        var messages = new TopicMessage<T>[_raw.Length];
        var decoded = 0;
        foreach (var result in _raw)
        {
            try
            {
                messages[decoded] = decoder.Decode(assignment.Topic, result);
                decoded++;
            }
            catch (UndecodableException exception)
            {
                _undecodable.Add((result, exception));
            }
        }

        Batch = new TopicBatch<T>(
            assignment,
            _raw[0].Offset,
            _raw[^1].Offset,
            decoded == messages.Length ? messages : messages[..decoded],
            DeadLetterAsync);
    }

    public TopicBatch<T> Batch { get; }

    /// <summary>Whether the consumer has applied it.</summary>
    public bool Applied { get; private set; }

    /// <summary>Hands it to the consumer.</summary>
    public async Task ApplyAsync(BatchDispatch<T> dispatch, CancellationToken cancellationToken)
    {
        _attempts++;
        try
        {
            await dispatch(Batch, cancellationToken).ConfigureAwait(false);
            Applied = true;
        }
        catch
        {
            _firstFailure ??= _clock.GetUtcNow();
            throw;
        }
    }

    /// <summary>Puts aside what could not be read. Returns when all of it is acknowledged.</summary>
    public async Task DeadLetterUndecodableAsync()
    {
        if (_undecodable.Count == 0)
            return;

        var now = _clock.GetUtcNow();
        await Task.WhenAll(_undecodable.Select(item => SendAsync(item.Result, MessageFailure.BeforeConsumer(item.Why, now)))).ConfigureAwait(false);
    }

    private Task DeadLetterAsync(TopicMessage<T> message, string reason, Exception? exception, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        var now = _clock.GetUtcNow();
        var failure = new MessageFailure(reason, exception, _attempts, _consumer, _firstFailure ?? now, now);
        return SendAsync(Find(message.Offset), failure).WaitAsync(cancellationToken);
    }

    private async Task SendAsync(ConsumeResult<byte[], byte[]> result, MessageFailure failure)
    {
        lock (_sent)
        {
            if (_sent.Contains(result.Offset))
                return;
        }

        await _deadLetters.Produce(Batch.Topic, result, failure).ConfigureAwait(false);
        lock (_sent)
            _sent.Add(result.Offset);
    }

    private ConsumeResult<byte[], byte[]> Find(long offset)
    {
        var (low, high) = (0, _raw.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _raw[middle].Offset.Value;
            if (found == offset)
                return _raw[middle];

            if (found < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }

        throw new ArgumentException($"The batch holds no message at offset {offset}.", nameof(offset));
    }
}
