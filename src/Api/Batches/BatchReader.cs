using System.Buffers;
using System.IO.Pipelines;
using IotBus.Api.Events;
using IotBus.Api.Problems;
using IotBus.Api.Producing;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.ServiceDefaults.Edge;

namespace IotBus.Api.Batches;

/// <summary>
/// Takes one batch: reads lines as they come and produces each as soon as it is whole, in their order, while earlier ones still wait for
/// Kafka. Serves one request.
/// </summary>
internal sealed class BatchReader(EventProducer producer, BatchOptions options, EdgeConsumer? consumer, TimeProvider time)
{
    private readonly DeliveryWindow _window = new(Math.Max(options.MaxInFlight, 1));
    private byte[]? _scratch;
    private WaitingLine? _waiting;
    private int _events;
    private long _bytes;
    private bool _inLongLine;

    public BatchTally Tally { get; } = new(options.MaxErrors);

    /// <summary>The number of the line being read, from one.</summary>
    public int Line { get; private set; } = 1;

    public BatchEnd End { get; private set; }

    /// <summary>Reads to the end or to the first reason to stop; in either case until every event produced has been acknowledged or not.</summary>
    public async Task ReadAsync(PipeReader body)
    {
        try
        {
            await ReadLinesAsync(body);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // The server's own bound lies just above ours and may be seen first.
            End = BatchEnd.TooManyBytes;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            End = BatchEnd.Disconnected;
        }

        while (_window.Count > 0)
            await SettleOldestAsync();

        if (_scratch is not null)
            ArrayPool<byte>.Shared.Return(_scratch);
    }

    private async Task ReadLinesAsync(PipeReader body)
    {
        while (End == BatchEnd.Complete)
        {
            var read = await body.ReadAsync();
            var position = TakeLines(read.Buffer, read.IsCompleted);
            var isDone = read.IsCompleted && position.Equals(read.Buffer.End);
            if (_waiting is null && !_window.IsFull)
            {
                body.AdvanceTo(position, read.Buffer.End);
                if (isDone)
                    return;
            }
            else
            {
                // What is left is looked at again without more having to arrive.
                body.AdvanceTo(position);
                await MakeRoomAsync();
                if (isDone && _waiting is null)
                    return;
            }
        }
    }

    /// <summary>Takes lines until there is no whole one left, the window is full, or there is a reason to stop.</summary>
    /// <returns>The end of the last line taken.</returns>
    private SequencePosition TakeLines(in ReadOnlySequence<byte> buffer, bool isCompleted)
    {
        var lines = new SequenceReader<byte>(buffer);
        while (_waiting is null && !_window.IsFull && End == BatchEnd.Complete && !lines.End)
        {
            var start = lines.Position;
            if (!lines.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
            {
                if (!isCompleted && !_inLongLine && lines.Remaining <= EventLimits.MaxEventBytes)
                    break;

                // The last line needs no line feed; a line too long is dropped as it comes.
                line = lines.UnreadSequence;
                lines.AdvanceToEnd();
                if (!Take(line, isWhole: isCompleted, line.Length))
                    return start;

                break;
            }

            if (!Take(line, isWhole: true, line.Length + 1))
                return start;
        }

        return lines.Position;
    }

    /// <returns>False when the line is beyond the batch's bounds.</returns>
    private bool Take(in ReadOnlySequence<byte> line, bool isWhole, long length)
    {
        if (_bytes + length > EventLimits.MaxBatchBytes)
        {
            End = BatchEnd.TooManyBytes;
            return false;
        }

        if (!_inLongLine && line.Length > EventLimits.MaxEventBytes)
        {
            if (!IsWithinCount())
                return false;

            _inLongLine = true;
            Tally.Reject(Line, RejectionReasons.TooLarge, $"A line has at most {EventLimits.MaxEventBytes / 1024} KiB.");
        }
        else if (!_inLongLine && !TakeEvent(line))
        {
            return false;
        }

        _bytes += length;
        if (isWhole)
        {
            _inLongLine = false;
            Line++;
        }

        return true;
    }

    private bool TakeEvent(in ReadOnlySequence<byte> line)
    {
        var utf8 = line.FirstSpan;
        if (!line.IsSingleSegment)
        {
            _scratch ??= ArrayPool<byte>.Shared.Rent(EventLimits.MaxEventBytes);
            line.CopyTo(_scratch);
            utf8 = _scratch.AsSpan(0, (int)line.Length);
        }

        if (Line == 1)
            utf8 = EventBody.WithoutMark(utf8);

        if (!utf8.ContainsAnyExcept(" \t\r"u8))
            return true;

        if (!IsWithinCount())
            return false;

        if (EventLineReader.Read(utf8, out var parsed) is { } malformed)
        {
            Tally.Reject(Line, RejectionReasons.Malformed, malformed);
            return true;
        }

        var now = time.GetUtcNow();
        Guid? id = parsed.EventId.IsPresent ? parsed.EventId.Value : null;
        if (EventLineRules.Check(in parsed, now) is { } faults)
            Tally.Reject(Line, RejectionReasons.Invalid, FaultyFields.Sentence(faults), id, faults);
        else if (!consumer.MaySendFor(parsed.DeviceId.Value!))
            Tally.Reject(Line, RejectionReasons.Forbidden, DeviceOwnership.Refusal(consumer, parsed.DeviceId.Value!), id);
        else
            Produce(new WaitingLine(Line, parsed.Kind, parsed.ToMessage(now)));

        return true;
    }

    private bool IsWithinCount()
    {
        if (_events++ < EventLimits.MaxBatchEvents)
            return true;

        End = BatchEnd.TooManyEvents;
        return false;
    }

    private void Produce(in WaitingLine line)
    {
        var delivery = producer.ProduceAsync(line.Event);
        if (FailureOf(delivery) == ProduceFailure.QueueFull && _window.Count > 0)
        {
            // Nothing of it was taken. It waits for its turn, so that the lines behind it stay behind it.
            _waiting = line;
            return;
        }

        _window.Add(new PendingLine(line.Number, line.Event.EventId, line.Kind, delivery));
    }

    private async Task MakeRoomAsync()
    {
        while (_window.Count > 0 && (_waiting is not null || _window.IsFull))
        {
            await SettleOldestAsync();
            while (_window.Count > 0 && _window.Oldest.Delivery.IsCompleted)
                Settle(_window.Take());

            if (_waiting is not { } waiting)
                continue;

            _waiting = null;
            Produce(waiting);
        }
    }

    private async Task SettleOldestAsync()
    {
        await _window.Oldest.Delivery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Settle(_window.Take());
    }

    private void Settle(in PendingLine pending)
    {
        if (pending.Delivery.IsCompletedSuccessfully)
        {
            Tally.Accept(pending.Kind);
            return;
        }

        var failure = FailureOf(pending.Delivery) ?? ProduceFailure.NotAcknowledged;
        Tally.Refuse(pending.Line, pending.EventId, ProduceRefusal.Of(failure));
        if (failure != ProduceFailure.Refused && End == BatchEnd.Complete)
            End = BatchEnd.Unacknowledged;
    }

    private static ProduceFailure? FailureOf(Task delivery) =>
        delivery.IsFaulted && delivery.Exception.InnerException is TopicProduceException exception ? exception.Failure : null;

    private readonly record struct WaitingLine(int Number, LineKind Kind, SensorEvent Event);
}
