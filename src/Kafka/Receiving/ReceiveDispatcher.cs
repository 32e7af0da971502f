using System.Diagnostics;
using MassTransit;
using MassTransit.Logging;
using MassTransit.Metadata;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>
/// Sends messages through an endpoint's pipe as MassTransit's own dispatcher does, with the same observers, spans and metrics; but makes nothing for them
/// while nobody looks. Thread-safe.
/// </summary>
internal sealed class ReceiveDispatcher(TopicReceiveEndpointContext endpoint)
{
    // MassTransit's own is not to be had. Listeners choose sources by name and version, and so take both or none.
    private static readonly ActivitySource Source = new(DiagnosticHeaders.DefaultListenerName, HostMetadataCache.Host.MassTransitVersion);

    private readonly string _inputAddress = endpoint.InputAddress.ToString();
    private readonly string _activityName = $"{endpoint.InputAddress.GetDiagnosticEndpointName()} receive";
    private readonly string _endpointName = endpoint.InputAddress.GetEndpointName() ?? "";

    /// <summary>Fails with what the pipe fails with.</summary>
    public async Task DispatchAsync(TopicReceiveContext context)
    {
        LogContext.SetCurrentIfNull(endpoint.LogContext);
        var activity = Source.HasListeners() ? LogContext.Current.StartReceiveActivity(_activityName, _inputAddress, _endpointName, context) : null;
        var instrument = ReceiveMetrics.AreListenedTo ? LogContext.Current.StartReceiveInstrument(context) : null;
        try
        {
            if (endpoint.IsObserved)
                await endpoint.ReceiveObservers.PreReceive(context).ConfigureAwait(false);

            await endpoint.ReceivePipe.Send(context).ConfigureAwait(false);
            await context.ReceiveCompleted.ConfigureAwait(false);
            if (endpoint.IsObserved)
                await endpoint.ReceiveObservers.PostReceive(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (endpoint.IsObserved)
                await endpoint.ReceiveObservers.ReceiveFault(context, exception).ConfigureAwait(false);

            activity?.AddExceptionEvent(exception);
            instrument?.AddException(exception);
            throw;
        }
        finally
        {
            activity?.Stop();
            instrument?.Stop();
        }
    }
}
