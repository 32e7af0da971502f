using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class DictionaryHeadersDeserializer : IHeadersDeserializer
{
    public IHeaderProvider Deserialize(Headers headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new Provider(headers);
    }

    /// <summary>A message has a dozen headers, of which few are asked for: looking through them costs less than a dictionary.</summary>
    private sealed class Provider(Headers headers) : IHeaderProvider
    {
        public IEnumerable<KeyValuePair<string, object>> GetAll()
        {
            for (var i = 0; i < headers.Count; i++)
            {
                var header = headers[i];
                if (IndexOf(header.Key) == i && header.GetValueBytes() is { } value)
                    yield return new KeyValuePair<string, object>(header.Key, Encoding.UTF8.GetString(value));
            }
        }

        public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
        {
            value = IndexOf(key) is >= 0 and var index && headers[index].GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
            return value is not null;
        }

        private int IndexOf(string key)
        {
            for (var i = 0; i < headers.Count; i++)
            {
                if (headers[i].Key == key)
                    return i;
            }

            return -1;
        }
    }
}
