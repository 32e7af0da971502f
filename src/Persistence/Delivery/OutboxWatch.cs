using IotBus.MongoDb;
using Microsoft.Extensions.Logging;

namespace IotBus.Persistence;

/// <summary>
/// Hears from the outbox's collection what other processes commit, by a change stream that is opened again after an error, where it stood. Where
/// the server has none to give, it says so once, and looks have to do.
/// </summary>
internal sealed partial class OutboxWatch(OutboxCollection outbox, ILogger<OutboxWatch> logger)
{
    private const int NoReplicaSet = 40573;
    private const int Unauthorized = 13;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private volatile bool _isOpen;
    private volatile bool _isRefused;

    /// <summary>Whether what is committed now is heard of.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Whether the server gives no stream: looks have to do.</summary>
    public bool IsRefused => _isRefused;

    /// <summary>Runs until it is stopped, or cannot be.</summary>
    /// <param name="look">Called whenever something may have been missed: a stream has opened, or ended.</param>
    /// <param name="changed">Called with each message that was committed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(Action look, Action<DestinationHead> changed, CancellationToken cancellationToken)
    {
        var position = new StreamPosition();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(position, look, changed, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (MongoException e) when (e.Code is NoReplicaSet or Unauthorized)
            {
                _isRefused = true;
                LogNone(e);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // What is not a matter of time may be the token: the server's history is finite.
                if (e is not MongoException { IsTransient: true })
                    position.Token = null;

                if (position.Failures++ == 0)
                    LogLost(e);
            }
            finally
            {
                _isOpen = false;
                look();
            }

            var pause = ShortestPause * Math.Pow(2, Math.Min(position.Failures, 10));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(StreamPosition position, Action look, Action<DestinationHead> changed, CancellationToken cancellationToken)
    {
        var stream = await outbox.WatchAsync(position.Token, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            _isOpen = true;
            look();
            while (!stream.IsOver)
            {
                foreach (var change in await stream.NextAsync(cancellationToken).ConfigureAwait(false))
                    changed(OutboxCollection.ReadChange(change));

                position.Token = stream.ResumeToken;
                position.Failures = 0;
            }
        }

        // The collection was dropped; another may come.
        position.Token = null;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The server gives no change stream on the outbox. What processes that do not deliver commit is found by looks, every QueryDelay.")]
    private partial void LogNone(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change stream on the outbox was lost and will be opened again; until then looks find what comes.")]
    private partial void LogLost(Exception exception);

    /// <summary>Where the stream stood, and how often it has failed since it last gave an answer.</summary>
    private sealed class StreamPosition
    {
        public BsonDocument? Token { get; set; }

        public int Failures { get; set; }
    }
}
