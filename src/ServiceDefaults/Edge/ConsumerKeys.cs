using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>
/// Finds the consumer of a key. Only digests are kept and compared, so the time a look-up takes tells nothing about a key.
/// </summary>
internal sealed class ConsumerKeys
{
    private const int MaxKeyLength = 512;

    private readonly FrozenDictionary<Digest, EdgeConsumer> _byKey;

    /// <exception cref="OptionsValidationException">A consumer has no name, no key, a key of another consumer, or a limit below one.</exception>
    public ConsumerKeys(IOptions<EdgeOptions> options, TimeProvider time)
    {
        var byKey = new Dictionary<Digest, EdgeConsumer>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in options.Value.Consumers)
        {
            Require(entry.Username.Length > 0, "A consumer in Edge:Consumers has no Username.");
            Require(names.Add(entry.Username), $"Edge:Consumers names '{entry.Username}' twice.");
            Require(entry.Keys.Count + entry.KeySha256.Count > 0, $"The consumer '{entry.Username}' has neither Keys nor KeySha256.");

            var limit = entry.RequestsPerSecond ?? LimitOf(entry.Group, options.Value);
            Require(limit >= 1, $"The limit of the consumer '{entry.Username}' is below one request a second.");

            var consumer = new EdgeConsumer(entry.Username, [entry.Group], new RequestWindow(limit, time));
            foreach (var key in entry.Keys)
            {
                Require(key.Length is > 0 and <= MaxKeyLength, $"A key of the consumer '{entry.Username}' has not 1 to {MaxKeyLength} characters.");
                Require(byKey.TryAdd(Digest.Of(key), consumer), $"A key of the consumer '{entry.Username}' is there twice.");
            }

            foreach (var hash in entry.KeySha256)
            {
                Require(Digest.TryParse(hash, out var digest), $"A KeySha256 of the consumer '{entry.Username}' has not 64 hexadecimal digits.");
                Require(byKey.TryAdd(digest, consumer), $"A key of the consumer '{entry.Username}' is there twice.");
            }
        }

        _byKey = byKey.ToFrozenDictionary();
    }

    public int Count => _byKey.Count;

    public EdgeConsumer? Find(string key) => key.Length <= MaxKeyLength ? _byKey.GetValueOrDefault(Digest.Of(key)) : null;

    private static int LimitOf(string group, EdgeOptions options) =>
        options.Limits.TryGetValue(group, out var limit) || options.Limits.TryGetValue(EdgeGroups.Device, out limit) ? limit : 1;

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new OptionsValidationException("Edge", typeof(EdgeOptions), [message]);
    }

    private readonly record struct Digest(UInt128 Upper, UInt128 Lower)
    {
        public static Digest Of(string key)
        {
            Span<byte> text = stackalloc byte[MaxKeyLength * 3];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text[..Encoding.UTF8.GetBytes(key, text)], hash);
            return Read(hash);
        }

        public static bool TryParse(string hexadecimal, out Digest digest)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            var isHash = hexadecimal.Length == hash.Length * 2
                && Convert.FromHexString(hexadecimal, hash, out _, out _) == System.Buffers.OperationStatus.Done;
            digest = isHash ? Read(hash) : default;
            return isHash;
        }

        private static Digest Read(ReadOnlySpan<byte> hash)
        {
            var halves = MemoryMarshal.Cast<byte, UInt128>(hash);
            return new Digest(halves[0], halves[1]);
        }
    }
}
