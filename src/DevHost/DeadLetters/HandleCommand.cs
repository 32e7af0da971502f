using System.Globalization;
using IotBus.DevHost.Terminal;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary><c>./iotbus dlq replay</c> and <c>drop</c>: shows what would be done, and does it when told to.</summary>
internal sealed class HandleCommand(DlqOptions options, DeadLetterQueue queue, TextWriter output, LiveLine line, TimeProvider clock)
{
    private const int Shown = 5;

    // A rate of less says nothing: the connections take a second.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    private bool Replaying => options.Verb == DlqVerb.Replay;

    private string Done => Replaying ? "replayed" : "dropped";

    public Task<int> RunAsync(DeadLetterSelection selection, CancellationToken cancellationToken) =>
        options.Yes ? DoAsync(selection, cancellationToken) : ShowAsync(selection, cancellationToken);

    private async Task<int> ShowAsync(DeadLetterSelection selection, CancellationToken cancellationToken)
    {
        var progress = new ScanProgress(line, "found", clock);
        var summary = await queue.SummarizeAsync(selection, Shown, progress, cancellationToken);
        progress.Clear();
        if (summary.Count == 0)
        {
            await output.WriteLineAsync("There are no such dead letters: nothing to do.");
            return 0;
        }

        await output.WriteLineAsync($"{SummaryText.Letters(summary.Count)} would be {Done}:\n");
        await output.WriteLineAsync(SummaryText.Groups(summary));
        await output.WriteLineAsync(SummaryText.Newest(summary));
        if (Replaying && summary.NotReplayable.Count > 0)
            await output.WriteLineAsync($"These of them would stay where they are:\n\n{SummaryText.Left(summary.NotReplayable)}");

        await output.WriteLineAsync($"Nothing was done. To do it:\n\n  ./iotbus dlq {DlqOptions.Name(options.Verb)} {options.Typed}{Until(summary)} --yes");
        return 0;
    }

    private async Task<int> DoAsync(DeadLetterSelection selection, CancellationToken cancellationToken)
    {
        var progress = new ScanProgress(line, Done, clock);
        try
        {
            var outcome = Replaying
                ? await queue.ReplayAsync(selection, progress, cancellationToken)
                : await queue.DropAsync(selection, progress, cancellationToken);
            progress.Clear();
            await output.WriteLineAsync(Said(outcome.Done, progress.Elapsed));
            if (outcome.Left.Count == 0)
                return 0;

            await output.WriteLineAsync($"These stay where they are:\n\n{SummaryText.Left(outcome.Left)}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            progress.Clear();
            await output.WriteLineAsync($"Stopped. {Said(progress.Last.Done, progress.Elapsed)} The same command does the rest.");
            return 130;
        }
        catch (KafkaUnavailableException)
        {
            progress.Clear();
            await output.WriteLineAsync($"{Said(progress.Last.Done, progress.Elapsed)} Then Kafka did not answer. The same command does the rest.");
            throw;
        }
    }

    private string Said(long done, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var took = elapsed > Long ? string.Create(CultureInfo.InvariantCulture, $" in {elapsed.TotalSeconds:N1} s ({rate:N0}/s)") : "";
        return $"{SummaryText.Letters(done)} {(done == 1 ? "was" : "were")} {Done}{took}.";
    }

    /// <summary>What comes between the looking and the doing was not looked at: the command leaves it out.</summary>
    private string Until(DeadLetterSummary summary)
    {
        if (options.Places.Count > 0 || options.Selection.To is not null)
            return "";

        var now = clock.GetUtcNow();
        var newest = summary.Groups.Max(group => group.Newest);
        if (newest > now.AddDays(1))
            return "";

        var until = newest < now ? now : newest;
        return $" --to {PointInTime.Text(until.AddMilliseconds(1))}";
    }
}
