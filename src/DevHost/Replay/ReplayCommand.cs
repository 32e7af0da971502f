using System.Globalization;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Terminal;

namespace IotBus.DevHost.Replay;

/// <summary><c>./iotbus replay FILE</c>: sends a file's readings to a running Api.</summary>
internal sealed class ReplayCommand(ReplayOptions options, HttpClient http, TextWriter output, LiveLine line, TimeProvider clock)
{
    /// <summary>How long the time series keep a reading (their <c>expireAfterSeconds</c>).</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = ReplayOptions.Parse(args);
        using var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(100) };
        var command = new ReplayCommand(options, http, Console.Out, LiveLine.OnConsole(TimeSpan.FromSeconds(5)), TimeProvider.System);
        return await command.RunAsync(cancellationToken);
    }

    /// <returns>0 when all rows were dealt with, 1 when the replay could not go on, 130 when it was stopped.</returns>
    /// <exception cref="UsageException">The file cannot be used as it is asked for.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var file = new ReadingFile(options.File, options.Mapping);
        FileSurvey survey;
        try
        {
            survey = file.Survey(cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file.Name} cannot be read: {e.Message}");
        }

        var timeline = Timeline.Create(options, survey, clock.GetUtcNow());
        Announce(file, survey, timeline);

        var counts = new SampleCounts(http, options, survey.Zones, clock);
        var before = await counts.ReadAsync(cancellationToken);
        if (before is null)
            line.Say($"{counts.Trouble}: how many readings are new will not be known.");

        var tally = new Tally();
        var progress = new ReplayProgress(line, tally, survey, timeline, clock);
        var failure = await SendAsync(file, survey, timeline, tally, progress, cancellationToken);
        var summary = new ReplaySummary(file.Name, survey.Rows, progress.Elapsed, tally, Applied: null, "the replay did not end");
        if (failure is not null)
        {
            line.Say(failure);
        }
        else
        {
            var after = before is null ? null : await SettleAsync(counts, before.Value + tally.Accepted, cancellationToken);
            summary = summary with { Applied = after - before, NotKnown = counts.Trouble };
            line.Close();
        }

        await output.WriteLineAsync(summary.Text());
        return failure is null ? 0 : cancellationToken.IsCancellationRequested ? 130 : 1;
    }

    private async Task<long?> SettleAsync(SampleCounts counts, long expected, CancellationToken cancellationToken)
    {
        try
        {
            return await counts.SettleAsync(expected, line.Show, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Everything was acknowledged; only its effect is not waited for.
            counts.GiveUp("stopped before the processors were done");
            return null;
        }
    }

    private void Announce(ReadingFile file, FileSurvey survey, Timeline timeline)
    {
        var pace = options.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $"at {speed:0.######} times the recorded pace") : "as fast as it goes";
        line.Say(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {survey.Rows:N0} rows to {options.Api}, {pace}."));
        if (survey.Earliest is null && survey.Rows > survey.Unreadable)
            line.Say($"The file records no time: the rows are taken {options.Interval.TotalSeconds:0.###} s apart, the last one now.");
        if (survey.Rows > survey.Unreadable && timeline.Earliest < clock.GetUtcNow() - Retention)
            line.Say($"Some readings are older than {Retention.TotalDays:0} days: the reports count them, the time series drops them.");
    }

    /// <returns>Null when all was sent, or why not.</returns>
    private async Task<string?> SendAsync(
        ReadingFile file, FileSurvey survey, Timeline timeline, Tally tally, ReplayProgress progress, CancellationToken cancellationToken)
    {
        var ids = new EventIds(survey.ContentHash);
        var sender = new EventSender(http, options, tally, line.Mention, clock);
        using var showing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var shown = progress.RunAsync(showing.Token);
        try
        {
            await using var lanes = new DeviceLanes(options, sender, () => new EventBatch(ids, timeline, options.Batch), cancellationToken);
            try
            {
                await FeedAsync(lanes, file, timeline, tally);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // A lane failed and ended the feeding; completing tells why.
            }

            await lanes.CompleteAsync();
            return null;
        }
        catch (ReplayFailedException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return "Stopped.";
        }
        finally
        {
            await showing.CancelAsync();
            await shown;
        }
    }

    private async Task FeedAsync(DeviceLanes lanes, ReadingFile file, Timeline timeline, Tally tally)
    {
        var started = clock.GetTimestamp();
        foreach (var (reading, error) in file.Rows())
        {
            if (error is not null)
            {
                tally.AddUnreadable(error.Value);
                continue;
            }

            // Short waits are not worth a timer: a batch collects what is due within them.
            while (timeline.DueAfter(reading) - clock.GetElapsedTime(started) is { TotalMilliseconds: > 10 } early)
                await Task.Delay(early < TimeSpan.FromHours(1) ? early : TimeSpan.FromHours(1), clock, lanes.Stopping);

            await lanes.AddAsync(reading);
        }
    }
}
