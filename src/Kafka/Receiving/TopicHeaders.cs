using System.Diagnostics.CodeAnalysis;
using System.Text;

using MassTransit;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>A message's headers as MassTransit asks for them: UTF-8 text, the first of a name counts. Read when they are asked for.</summary>
/// <param name="headers">As they came.</param>
/// <param name="overlay">What stands before them.</param>
/// <param name="own">What the application made of them; null where it leaves them as they are.</param>
internal sealed class TopicHeaders(Confluent.Kafka.Headers? headers, Dictionary<string, object>? overlay, IHeaderProvider? own) : IHeaderProvider
{
    public IEnumerable<KeyValuePair<string, object>> GetAll()
    {
        var provider = own ?? DictionaryHeadersSerialize.Deserializer.Deserialize(headers ?? []);
        return provider.GetAll().Where(header => overlay?.ContainsKey(header.Key) != true).Concat(overlay ?? []);
    }

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
    {
        if (overlay is not null && overlay.TryGetValue(key, out value))
            return true;

        if (own is not null)
            return own.TryGetHeader(key, out value);

        // Other clients tell only W3C's; MassTransit looks for its own, and both hold the same.
        var bytes = Find(key) ?? (key == MessageHeaderNames.ActivityId ? Find(MessageHeaderNames.TraceParent) : null);
        value = bytes is null ? null : Encoding.UTF8.GetString(bytes);
        return value is not null;
    }

    public Guid? FindGuid(string key)
    {
        if (own is not null)
            return own.TryGetHeader(key, out var value) ? value as Guid? ?? (Guid.TryParse(value as string, out var parsed) ? parsed : null) : null;

        return Find(key) is { } bytes && MessageIds.TryParse(bytes, out var id) ? id : null;
    }

    public Uri? FindUri(string key) =>
        TryGetHeader(key, out var value) && (value is Uri address || Uri.TryCreate(value as string, UriKind.Absolute, out address!)) ? address : null;

    private byte[]? Find(string key)
    {
        var list = headers?.BackingList;
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            if (list![i].Key == key)
                return list[i].GetValueBytes();
        }

        return null;
    }
}
