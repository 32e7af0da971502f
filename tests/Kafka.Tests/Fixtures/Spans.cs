using System.Collections.Concurrent;
using System.Diagnostics;

namespace IotBus.Kafka.Tests;

/// <summary>The spans of one topic that have ended.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    /// <param name="topic">Whose spans.</param>
    /// <param name="sources">Of which sources beside the rider's.</param>
    public Spans(string topic, params string[] sources)
    {
        // Tests share the process, and so the source.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == KafkaActivities.SourceName || sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Name.Contains(topic, StringComparison.Ordinal) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.DisplayName.Contains(topic, StringComparison.Ordinal))
                    _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyCollection<Activity> Ended => _ended;

    public void Dispose() => _listener.Dispose();
}
