using System.Threading.Channels;

namespace IotBus.DevHost.Replay;

/// <summary>
/// Sends readings in batches, several requests at once. A device belongs to one lane and a lane has one request under way, so a device's readings
/// arrive in the file's order.
/// </summary>
internal sealed class DeviceLanes : IAsyncDisposable
{
    /// <summary>At recorded pace a reading waits this long for company; the answer costs more than that.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, int> _laneOfDevice = new(StringComparer.Ordinal);
    private readonly List<Channel<Reading>> _channels = [];
    private readonly List<Task> _lanes = [];
    private readonly CancellationTokenSource _stop;
    private readonly ReplayOptions _options;
    private readonly EventSender _sender;

    public DeviceLanes(ReplayOptions options, EventSender sender, Func<EventBatch> newBatch, CancellationToken cancellationToken)
    {
        (_options, _sender) = (options, sender);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (var lane = 0; lane < options.InFlight; lane++)
        {
            var channel = Channel.CreateBounded<Reading>(new BoundedChannelOptions(options.Batch) { SingleReader = true, SingleWriter = true });
            _channels.Add(channel);
            _lanes.Add(RunAsync(channel.Reader, newBatch));
        }
    }

    /// <summary>Set when the replay is stopped or a lane has failed.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Hands a reading to its lane; waits while that lane is full.</summary>
    /// <exception cref="OperationCanceledException">The replay was stopped, or a lane failed: <see cref="CompleteAsync"/> tells.</exception>
    public ValueTask AddAsync(in Reading reading)
    {
        if (!_laneOfDevice.TryGetValue(reading.Device, out var lane))
            _laneOfDevice[reading.Device] = lane = _laneOfDevice.Count % _channels.Count;

        return _channels[lane].Writer.WriteAsync(reading, _stop.Token);
    }

    /// <summary>Sends what is left and waits for the last answer.</summary>
    /// <exception cref="ReplayFailedException">A batch could not be sent.</exception>
    public async Task CompleteAsync()
    {
        _channels.ForEach(channel => channel.Writer.TryComplete());
        try
        {
            await Task.WhenAll(_lanes);
        }
        catch (OperationCanceledException) when (_lanes.FirstOrDefault(lane => lane.IsFaulted) is { } failed)
        {
            // One lane's failure cancels the others; the failure is what counts.
            await failed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(ChannelReader<Reading> readings, Func<EventBatch> newBatch)
    {
        using var batch = newBatch();
        try
        {
            while (await readings.WaitToReadAsync(_stop.Token))
            {
                batch.Clear();
                await FillAsync(batch, readings);
                await _sender.SendAsync(batch, _stop.Token);
            }
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task FillAsync(EventBatch batch, ChannelReader<Reading> readings)
    {
        if (_options.Speed is not null)
            await Task.Delay(Linger, _stop.Token);

        while (!batch.IsFull)
        {
            if (readings.TryRead(out var reading))
                batch.Add(reading);
            else if (_options.Speed is not null || !await readings.WaitToReadAsync(_stop.Token))
                return;
        }
    }
}
