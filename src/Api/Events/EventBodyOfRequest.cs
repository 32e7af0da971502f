using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IotBus.Api.Problems;

namespace IotBus.Api.Events;

/// <summary>The body of a request to record one event: the request, or why there is none.</summary>
internal sealed class EventBody<TRequest>
    where TRequest : EventRequest
{
    private static readonly JsonTypeInfo<TRequest> Json =
        (JsonTypeInfo<TRequest>)ApiJsonContext.Default.GetTypeInfo(typeof(TRequest))!;

    private TRequest? _request;

    /// <summary>The request. There is one when <see cref="Refusal"/> is null, and it is valid once the endpoint's filter has run.</summary>
    public TRequest Request => _request ?? throw new InvalidOperationException("The body was refused.");

    /// <summary>Why the body could not be read.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>When it had been received.</summary>
    public DateTimeOffset Received { get; set; }

    /// <summary>Called by the framework for a parameter of this type.</summary>
    public static async ValueTask<EventBody<TRequest>?> BindAsync(HttpContext context)
    {
        if (EventBody.Precheck(context.Request) is { } refusal)
            return new EventBody<TRequest> { Refusal = refusal };

        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                if (read.Buffer.Length > EventLimits.MaxEventBytes)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return new EventBody<TRequest> { Refusal = EventBody.TooLarge() };
                }

                if (read.IsCompleted)
                {
                    var body = Parse(read.Buffer, context.Request.Headers);
                    reader.AdvanceTo(read.Buffer.End);
                    return body;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own words for a body that breaks off, comes too slowly or is not framed as HTTP says.
            return new EventBody<TRequest>
            {
                Refusal = new Refusal(RejectionReasons.Malformed, Problem.Of(exception.StatusCode, exception.Message)),
            };
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return new EventBody<TRequest> { Refusal = EventBody.Disconnected() };
        }
    }

    private static EventBody<TRequest> Parse(in ReadOnlySequence<byte> buffer, IHeaderDictionary headers)
    {
        if (buffer.IsSingleSegment)
            return Parse(buffer.FirstSpan, headers);

        var rented = ArrayPool<byte>.Shared.Rent((int)buffer.Length);
        try
        {
            buffer.CopyTo(rented);
            return Parse(rented.AsSpan(0, (int)buffer.Length), headers);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static EventBody<TRequest> Parse(ReadOnlySpan<byte> utf8, IHeaderDictionary headers)
    {
        utf8 = EventBody.WithoutMark(utf8);
        if (!EventBody.IsObject(utf8))
            return new EventBody<TRequest> { Refusal = EventBody.NotAnObject() };

        try
        {
            var request = JsonSerializer.Deserialize(utf8, Json)!;
            request.IdempotencyKey = EventBody.IdempotencyKey(headers);
            return new EventBody<TRequest> { _request = request };
        }
        catch (JsonException exception)
        {
            return new EventBody<TRequest> { Refusal = EventBody.Malformed(exception) };
        }
    }
}
