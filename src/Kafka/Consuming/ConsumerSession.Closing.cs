using Confluent.Kafka;

namespace IotBus.Kafka;

/// <content>How what is in flight ends.</content>
internal sealed partial class ConsumerSession
{
    /// <summary>Lets what is in flight end, and cancels what does not within the bound. The stop has one bound, however often it drains.</summary>
    private void Drain(PartitionWorker[] workers, bool pollMeanwhile)
    {
        var drained = Task.WhenAll(workers.Select(worker => worker.DrainAsync()));
        var bound = _drainedBy ?? Environment.TickCount64 + (long)_definition.ShutdownTimeout.TotalMilliseconds;
        while (!drained.IsCompleted && bound - Environment.TickCount64 is > 0 and var left)
        {
            if (pollMeanwhile)
                Poll(PausedMilliseconds, deliver: false);
            else
                drained.Wait(TimeSpan.FromMilliseconds(left));
        }

        var late = Array.FindAll(workers, worker => !worker.Running.IsCompleted && !worker.Lost.IsCancellationRequested);
        if (late.Length == 0)
            return;

        LogNotDrained(Logger, Name, _definition.ShutdownTimeout.TotalSeconds);
        foreach (var worker in late)
            worker.End();
    }

    /// <summary>Ends what is in flight, commits and leaves the group.</summary>
    private void Finish()
    {
        _drainedBy = Environment.TickCount64 + (long)_definition.ShutdownTimeout.TotalMilliseconds;
        try
        {
            PauseAll();
            Drain([.. _workers.Values], pollMeanwhile: !_failed);

            // This gives the partitions away, with nothing in flight, and commits them.
            _consumer.Close();
        }
        catch (KafkaException exception)
        {
            LogNotClosed(Logger, Name, exception.Error.Reason);
        }
        finally
        {
            foreach (var worker in _workers.Values)
                worker.End();
        }
    }

    private void PauseAll()
    {
        if (_failed)
            return;

        try
        {
            _consumer.Pause(_workers.Keys);
        }
        catch (KafkaException exception)
        {
            // What comes of them is not taken any more; it is only fetched in vain.
            LogNotPaused(Logger, Name, exception.Error.Reason);
        }
    }
}
