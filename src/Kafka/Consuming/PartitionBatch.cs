using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A batch, what it was made from, and how far it has come. Used by one worker.</summary>
internal sealed class PartitionBatch<T>
    where T : class
{
    private readonly DeadLetterProducer _deadLetters;
    private readonly Type _consumer;
    private readonly TopicEndpointDefinition _definition;
    private readonly TimeProvider _clock;
    private readonly ConsumeResult<byte[], byte[]>[] _raw;
    private readonly List<(ConsumeResult<byte[], byte[]> Result, UndecodableException Why)> _undecodable = [];

    // What is in the dead-letter topic already, so that another try of the batch does not send it again.
    private readonly HashSet<long> _sent = [];

    // What is still to be applied, first on top. The whole batch, as long as it is not known to hold a message that fails.
    private readonly Stack<Range> _left = new();

    private int _attempts;
    private int _failures;
    private DateTimeOffset? _firstFailure;

    public PartitionBatch(
        TopicAssignment assignment,
        ReadOnlySpan<ConsumeResult<byte[], byte[]>> taken,
        IMessageReader<T> decoder,
        DeadLetterProducer deadLetters,
        Type consumer,
        TopicEndpointDefinition definition,
        TimeProvider clock)
    {
        (_deadLetters, _consumer, _definition, _clock) = (deadLetters, consumer, definition, clock);
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
        _left.Push(0..Batch.Messages.Count);
    }

    public TopicBatch<T> Batch { get; }

    /// <summary>How many messages it was made from.</summary>
    public int Size => _raw.Length;

    /// <summary>Whether the consumer has applied it.</summary>
    public bool Applied { get; private set; }

    /// <summary>
    /// Hands it to the consumer. When it failed as often as it may, its halves go by themselves, and theirs, until the messages that fail are
    /// known: they are put aside, and the others are applied, each once.
    /// </summary>
    /// <exception cref="Exception">What the consumer threw: try again, and what is left is tried.</exception>
    public async Task ApplyAsync(BatchDispatch<T> dispatch, CancellationToken cancellationToken)
    {
        while (_left.TryPeek(out var range))
        {
            _attempts++;
            var part = Part(range);
            using var activity = ConsumeActivities.Start(_definition.Group, RawOf(part));
            try
            {
                await dispatch(part, cancellationToken).ConfigureAwait(false);
                _left.Pop();
            }
            catch (Exception exception)
            {
                KafkaActivities.Fail(activity, exception);
                _firstFailure ??= _clock.GetUtcNow();
                if (cancellationToken.IsCancellationRequested || _definition.IsTransient(exception) || ++_failures < _definition.BatchAttempts)
                    throw;

                await IsolateAsync(range, exception, cancellationToken).ConfigureAwait(false);
            }
        }

        Applied = true;
    }

    private async Task IsolateAsync(Range range, Exception exception, CancellationToken cancellationToken)
    {
        var (first, count) = range.GetOffsetAndLength(Batch.Messages.Count);
        if (count > 1)
        {
            _left.Pop();
            _left.Push((first + (count / 2))..(first + count));
            _left.Push(first..(first + (count / 2)));
            return;
        }

        // A batch of nothing but what could not be read holds no message to put aside.
        if (count == 0)
            throw exception;

        await DeadLetterAsync(Batch.Messages[first], DeadLetterReasons.ConsumerFailed, exception, cancellationToken).ConfigureAwait(false);
        _left.Pop();
    }

    /// <summary>The offsets of the parts follow each other without a gap.</summary>
    private TopicBatch<T> Part(Range range)
    {
        var (messages, (first, count)) = (Batch.Messages, range.GetOffsetAndLength(Batch.Messages.Count));
        if (count == messages.Count)
            return Batch;

        return new TopicBatch<T>(
            Batch.Assignment,
            first == 0 ? Batch.FirstOffset : messages[first].Offset,
            first + count == messages.Count ? Batch.LastOffset : messages[first + count].Offset - 1,
            [.. messages.Skip(first).Take(count)],
            DeadLetterAsync);
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
        var failure = new MessageFailure(reason, exception, _attempts, _consumer.FullName ?? _consumer.Name, _firstFailure ?? now, now);
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

    private ReadOnlySpan<ConsumeResult<byte[], byte[]>> RawOf(TopicBatch<T> part)
    {
        var messages = part.Messages;
        return messages.Count == 0 ? _raw : _raw.AsSpan(IndexOf(messages[0].Offset)..(IndexOf(messages[^1].Offset) + 1));
    }

    private ConsumeResult<byte[], byte[]> Find(long offset) => _raw[IndexOf(offset)];

    private int IndexOf(long offset)
    {
        var (low, high) = (0, _raw.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _raw[middle].Offset.Value;
            if (found == offset)
                return middle;

            if (found < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }

        throw new ArgumentException($"The batch holds no message at offset {offset}.", nameof(offset));
    }
}
