using System.Diagnostics;
using System.Globalization;
using IotBus.Bench.Applying;
using IotBus.Bench.Processes;
using IotBus.Bench.Reports;
using IotBus.Kafka.Embedded;
using IotBus.MongoDb;

namespace IotBus.Bench.Delivering;

/// <summary>
/// How long a message takes through the outbox while nothing else is under way: from the call of the commit, so with the message's insert and the commit in it, to its
/// consumer on the bus or to Kafka's acknowledgement.
/// </summary>
/// <param name="way">To the bus or to Kafka: a word of <see cref="OutboxProcess"/>.</param>
/// <param name="byAnother">Another process delivers than the one that commits.</param>
internal sealed class DeliveryBenchmark(string way, bool byAnother) : IBenchmark
{
    private const int Messages = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => $"outbox_delivery_{way}_{(byAnother ? "another" : "same")}";

    public async Task<Measurement> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        await using var kafka = new EmbeddedKafka();
        kafka.CreateTopic(Delivery.Topic, 1);
        await using var mongo = await DevMongoProcess.StartAsync(cancellationToken);
        await using var client = new MongoClient(new MongoClientOptions { Uri = mongo.Uri });
        var (servers, database) = (kafka.BootstrapServers, "bench_outbox");
        await using var receiver = await OutboxProcess.StartAsync(mongo.Uri, database, servers, delivers: true, cancellationToken);
        await using var other = byAnother ? await OutboxProcess.StartAsync(mongo.Uri, database, servers, delivers: false, cancellationToken) : null;
        var sender = other ?? receiver;

        var number = 0;
        await SendAllAsync(OutboxProcess.Direct + way, receiver);
        await SendAllAsync(way, sender);
        var idle = await IdleCommandsAsync(client, cancellationToken);
        var (medians, all, direct) = (new List<double>(), new List<Times>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            var times = await SendAllAsync(way, sender);
            all.AddRange(times);
            medians.Add(Median.Of(times.Select(each => each.Arrived)));
            direct.Add(Median.Of((await SendAllAsync(OutboxProcess.Direct + way, receiver)).Select(each => each.Arrived)));
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {run + 1}: {medians[^1]:0.0} ms; directly {direct[^1]:0.0} ms"));
        }

        return new Measurement(Name, "ms")
        {
            Runs = medians,
            Peer = "the same message without the outbox, from the call to its receipt",
            PeerRuns = direct,
            Target = "median_after_commit < 20",
            More =
            [
                ("p99", Rounding.Short(Percentile(all.Select(each => each.Arrived), 0.99))),
                ("median_of_commit", Rounding.Short(Median.Of(all.Select(each => each.Committed)))),
                ("median_after_commit", Rounding.Short(Median.Of(all.Select(each => each.Arrived - each.Committed)))),
                ("p99_after_commit", Rounding.Short(Percentile(all.Select(each => each.Arrived - each.Committed), 0.99))),
                ("idle_commands_per_second", Rounding.Short(idle)),
                ("messages", Messages),
            ],
        };

        async Task<List<Times>> SendAllAsync(string how, ChildProcess from)
        {
            var times = new List<Times>();
            for (var i = 0; i < Messages; i++)
            {
                await Task.Delay(Pause, cancellationToken);
                times.Add(await SendAsync(how, ++number, from, receiver, cancellationToken).WaitAsync(Patience, cancellationToken));
            }

            return times;
        }
    }

    /// <summary>Milliseconds from the call.</summary>
    private readonly record struct Times(double Committed, double Arrived);

    private static async Task<Times> SendAsync(
        string how, int number, ChildProcess from, ChildProcess receiver, CancellationToken cancellationToken)
    {
        await from.WriteLineAsync($"{how} {number}", cancellationToken);
        var isDirect = how.StartsWith(OutboxProcess.Direct, StringComparison.Ordinal);
        var at = new Dictionary<string, long>();
        while (at.Count < (isDirect ? 2 : 3))
        {
            var isArrivalLeft = from != receiver && at.Count == 2;
            var words = (await (isArrivalLeft ? receiver : from).ReadLineAsync(cancellationToken)).Split(' ');
            if (int.Parse(words[1], CultureInfo.InvariantCulture) == number)
                at[words[0]] = long.Parse(words[2], CultureInfo.InvariantCulture);
        }

        var called = at[DeliveryReport.CalledWord];
        var committed = isDirect ? called : at[DeliveryReport.CommittedWord];
        return new Times(Milliseconds(called, committed), Milliseconds(called, at[DeliveryReport.ArrivedWord]));
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    /// <summary>What the processes ask the store while nothing is sent.</summary>
    private static async Task<double> IdleCommandsAsync(MongoClient client, CancellationToken cancellationToken)
    {
        var before = await CommandsAsync(client, cancellationToken);
        await Task.Delay(Idle, cancellationToken);
        return (await CommandsAsync(client, cancellationToken) - before) / Idle.TotalSeconds;
    }

    private static async Task<long> CommandsAsync(MongoClient client, CancellationToken cancellationToken)
    {
        var status = await client.GetDatabase("admin").RunCommandAsync(Bson.Document(("serverStatus", 1)), cancellationToken: cancellationToken);
        string[] monitoring = ["hello", "isMaster", "ismaster", "serverStatus"];
        return status.GetDocument("metrics"u8).GetDocument("commands"u8)
            .Where(command => !monitoring.Contains(command.Name))
            .Sum(command => command.Value.AsDocument().GetInt64("total"u8));
    }

    private static double Percentile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
    }
}
