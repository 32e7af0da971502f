using Confluent.Kafka;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Terminal;
using IotBus.DevHost.Up;
using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary><c>./iotbus dlq</c>: what could not be applied, and taking it back.</summary>
internal sealed class DlqCommand(DlqOptions options, Broker broker, TextWriter output, TextWriter errors, LiveLine line, TimeProvider clock)
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = DlqOptions.Parse(args, DateTimeOffset.UtcNow);
        var broker = Broker.Choose(options, Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS"), RunningSystem.Find(RunningSystem.Folder));

        // The standard output has what was asked for and nothing else.
        var line = new LiveLine(Console.Error, !Console.IsErrorRedirected, TimeSpan.FromSeconds(5), TimeProvider.System);
        return await new DlqCommand(options, broker, Console.Out, Console.Error, line, TimeProvider.System).RunAsync(cancellationToken);
    }

    /// <returns>0 when it is done, 1 when something could not be, 130 when it was stopped.</returns>
    /// <exception cref="UsageException">What was asked for makes no sense there.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var queue = new DeadLetterQueue(new DeadLetterQueueOptions
            {
                BootstrapServers = broker.BootstrapServers,
                Configure = Configure,
                Timeout = options.Timeout,
                ReplayRate = options.Rate,
                Clock = clock,
            });
            var selection = options.Selection with
            {
                Places = await LetterPlaces.ParseAsync(options, () => queue.TopicsAsync(cancellationToken)),
            };
            return options.Verb switch
            {
                DlqVerb.List => await ListAsync(queue, selection, cancellationToken),
                DlqVerb.Show => await new ShowCommand(options, queue, output, errors).RunAsync(selection, cancellationToken),
                _ => await new HandleCommand(options, queue, output, line, clock).RunAsync(selection, cancellationToken),
            };
        }
        catch (KafkaUnavailableException e)
        {
            line.Clear();
            await errors.WriteLineAsync($"iotbus: {e.Message}{broker.Origin}");
            return 1;
        }
        catch (KafkaException e)
        {
            line.Clear();
            await errors.WriteLineAsync($"iotbus: Kafka at {broker.BootstrapServers}{broker.Origin}, refuses: {e.Error.Reason}");
            return 1;
        }
        catch (InvalidOperationException e) when (broker.Properties.Count > 0)
        {
            throw new UsageException($"{options.KafkaConfig}: {e.Message}");
        }
    }

    private async Task<int> ListAsync(DeadLetterQueue queue, DeadLetterSelection selection, CancellationToken cancellationToken)
    {
        var progress = new ScanProgress(line, "found", clock);
        var summary = await queue.SummarizeAsync(selection, options.Newest, progress, cancellationToken);
        progress.Clear();
        if (options.Json)
        {
            await output.WriteLineAsync(LetterJson.Of(summary));
            return 0;
        }

        await output.WriteLineAsync($"Kafka at {broker.BootstrapServers}{broker.Origin}\n");
        if (summary.Count == 0)
        {
            await output.WriteLineAsync($"There are no dead letters{(options.ChoosesLetters ? " of that kind" : "")}.{Handled(summary)}");
            return 0;
        }

        await output.WriteLineAsync(SummaryText.Groups(summary));
        await output.WriteAsync(SummaryText.Newest(summary));
        await output.WriteLineAsync(
            $"""

            {SummaryText.Letters(summary.Count)}.{Handled(summary)} To see one in full: ./iotbus dlq show {ShellWord.Quote(Example(summary))}
            """);
        return 0;
    }

    private static string Handled(DeadLetterSummary summary) =>
        summary.Handled == 0 ? "" : $" {SummaryText.Letters(summary.Handled)} more {(summary.Handled == 1 ? "was" : "were")} replayed or dropped before.";

    private static string Example(DeadLetterSummary summary) => summary.Newest.Count > 0 ? summary.Newest[0].Place.ToString() : "TOPIC[PARTITION]@OFFSET";

    private void Configure(ClientConfig client)
    {
        foreach (var (name, value) in broker.Properties)
        {
            // That one is chosen already.
            if (name != "bootstrap.servers")
                client.Set(name, value);
        }
    }
}
