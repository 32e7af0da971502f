using System.Diagnostics;
using System.Globalization;
using IotBus.Bench.Processes;
using IotBus.Kafka;

namespace IotBus.Bench.Soak;

/// <summary>
/// Produces with the rider at a steady rate, all partitions in turn, as a process of its own. What the groups have committed it is told, and it never
/// gets further ahead of that than the broker can keep; what it missed meanwhile it makes up for.
/// </summary>
internal sealed class SoakProducer
{
    public const string Role = "soak-producer";

    private const int Partitions = SoakRun.Partitions;

    // Ticks whose messages may wait for their acknowledgement.
    private const int TicksInFlight = 20;


    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // What a tick makes up for at most of what was missed.
    private static readonly TimeSpan MostAtOnce = TimeSpan.FromMilliseconds(100);

    private readonly ITopicProducer<string, SoakMessage> _producer;
    private readonly ReportWriter _reports;
    private readonly string[][] _devices;
    private readonly long _ahead;
    private readonly long[] _next = new long[Partitions];
    private readonly Queue<(Task Delivered, long[] Next)> _inFlight = new();
    private volatile long[] _committed = new long[Partitions];

    private SoakProducer(ITopicProducer<string, SoakMessage> producer, ReportWriter reports, string[][] devices, long ahead)
    {
        (_producer, _reports, _devices, _ahead) = (producer, reports, devices, ahead);
    }

    public static ChildProcess Start(string bootstrapServers, string topic, string keys, int rate, TimeSpan duration, long ahead) =>
        ChildProcess.StartRole(Role, bootstrapServers, topic, keys, $"{rate}", $"{duration.TotalSeconds:0}", $"{ahead}");

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var (bootstrapServers, topic, keys) = (args[0], args[1], args[2]);
        var rate = int.Parse(args[3], CultureInfo.InvariantCulture);
        var duration = TimeSpan.FromSeconds(int.Parse(args[4], CultureInfo.InvariantCulture));
        var devices = await DeviceKeys.ByPartitionAsync(bootstrapServers, keys, Partitions, cancellationToken);
        using var reports = new ReportWriter();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var bus = await QuietBus.StartAsync(
            _ => { },
            rider =>
            {
                rider.AddProducer<string, SoakMessage>(topic, (_, producer) => producer.UseJson(SoakJsonContext.Default));
                rider.UsingKafka((_, kafka) =>
                {
                    kafka.Host(bootstrapServers);
                    kafka.ConfigureProducer(settings => settings.Linger = SoakRun.Linger);
                });
            },
            cancellationToken);
        await using var scope = bus.Services.CreateAsyncScope();
        var producer = new SoakProducer(
            scope.ServiceProvider.GetRequiredService<ITopicProducer<string, SoakMessage>>(),
            reports,
            devices,
            long.Parse(args[5], CultureInfo.InvariantCulture));
        var heap = reports.TellHeapAsync(stop.Token);

        // A read of the console is not called back: the thread ends with the process.
        new Thread(() => producer.Listen(stop)) { IsBackground = true, Name = "committed offsets" }.Start();
        await producer.ProduceAsync(rate, duration, stop.Token);
        await stop.CancelAsync();
        await heap;
        return 0;
    }

    private async Task ProduceAsync(int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick);
        var most = (int)(rate * MostAtOnce.TotalSeconds);
        var produced = 0L;
        var started = Stopwatch.GetTimestamp();
        for (var last = false; !last;)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(started);
            last = elapsed >= duration;
            produced += Produce((int)Math.Min(most, (long)(elapsed.TotalSeconds * rate) - produced));
            while (_inFlight.Count > TicksInFlight || (_inFlight.TryPeek(out var oldest) && oldest.Delivered.IsCompleted))
                await AcknowledgeAsync();
        }

        while (_inFlight.Count > 0)
            await AcknowledgeAsync();
    }

    /// <summary>Produces so many, or as many as there is room for.</summary>
    private int Produce(int count)
    {
        var committed = _committed;
        var deliveries = new List<Task>(Math.Max(count, 0));
        for (var partition = 0; deliveries.Count < count && _next[partition] - committed[partition] < _ahead; partition = (partition + 1) % Partitions)
        {
            var sequence = _next[partition]++;
            var device = _devices[partition][sequence % _devices[partition].Length];
            deliveries.Add(_producer.Produce(device, SoakMessage.Of(device, sequence)));
        }

        if (deliveries.Count > 0)
            _inFlight.Enqueue((Task.WhenAll(deliveries), [.. _next]));

        return deliveries.Count;
    }

    private async Task AcknowledgeAsync()
    {
        var (delivered, next) = _inFlight.Dequeue();

        // What was not acknowledged ends the soak: the numbers would no longer be the offsets.
        await delivered;
        for (var partition = 0; partition < Partitions; partition++)
            _reports.Write(new SoakReport(ReportKind.Acknowledged, partition, 0, next[partition]));
    }

    /// <summary>Reads what the groups have committed, a line at a time. The end of the input ends the process.</summary>
    private void Listen(CancellationTokenSource stop)
    {
        while (Console.In.ReadLine() is { } line)
            _committed = [.. line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];

        stop.Cancel();
    }
}
