using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Takes what a producer client tells, on a thread of its own.</summary>
internal sealed class ProducerEvents : IDisposable
{
    private const int MessagesAtOnce = 64;
    private const int PollMilliseconds = 1000;

    private readonly nint _client;
    private readonly nint _queue;
    private readonly Action<Error> _failed;
    private readonly Action _reported;
    private readonly Thread _thread;
    private volatile bool _stopped;

    /// <param name="client">The client, which must outlive this.</param>
    /// <param name="name">Its name.</param>
    /// <param name="failed">Takes its errors.</param>
    /// <param name="reported">A delivery has its report, and its task has ended.</param>
    public ProducerEvents(nint client, string name, Action<Error> failed, Action reported)
    {
        (_client, _failed, _reported) = (client, failed, reported);
        _queue = NativeProducer.MainQueueOf(client);
        _thread = new Thread(Run) { IsBackground = true, Name = $"Events of {name}" };
        _thread.Start();
    }

    /// <summary>Returns when the thread has ended: nothing is told from then on.</summary>
    public void Dispose()
    {
        _stopped = true;
        NativeProducer.Wake(_queue);
        _thread.Join();
        NativeProducer.DestroyQueue(_queue);
    }

    private void Run()
    {
        while (!_stopped)
        {
            var told = NativeProducer.Poll(_queue, PollMilliseconds);
            if (told == 0)
                continue;

            try
            {
                Take(told);
            }
            catch (Exception exception)
            {
                // Whoever is told of an error failed, its log perhaps. The reports must go on, so it is said where nothing fails.
                Trace.TraceError($"{_thread.Name}: {exception}");
            }
            finally
            {
                NativeProducer.DestroyEvent(told);
            }
        }
    }

    private void Take(nint told)
    {
        switch (NativeProducer.TypeOf(told))
        {
            case NativeProducer.DeliveryReports:
                TakeReports(told);
                break;
            case NativeProducer.Error:
                _failed(new Error(
                    NativeProducer.ErrorOf(told), Marshal.PtrToStringUTF8(NativeProducer.ErrorTextOf(told)), NativeProducer.IsFatalEvent(told) != 0));
                break;
        }
    }

    private unsafe void TakeReports(nint told)
    {
        var messages = stackalloc NativeMessage*[MessagesAtOnce];
        int count;
        do
        {
            count = (int)NativeProducer.MessagesOf(told, messages, MessagesAtOnce);
            for (var i = 0; i < count; i++)
            {
                var message = messages[i];
                var delivery = Delivery.Take(message->Opaque);
                try
                {
                    delivery.Report(message, message->Error == ErrorCode.NoError ? null : ErrorOf(message->Error));
                }
                catch (Exception exception)
                {
                    // A listener to metrics, or a log: whoever produced the message must hear of it all the same.
                    delivery.TrySetException(exception);
                }
                finally
                {
                    _reported();
                }
            }
        }
        while (count == MessagesAtOnce);
    }

    private Error ErrorOf(ErrorCode code)
    {
        if (code != ErrorCode.Local_Fatal)
            return new Error(code);

        Span<byte> text = stackalloc byte[512];
        var cause = NativeProducer.FatalErrorOf(_client, text, (nuint)text.Length);
        return new Error(cause, Encoding.UTF8.GetString(text[..Math.Max(0, text.IndexOf((byte)0))]), isFatal: true);
    }
}
