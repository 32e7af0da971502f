using System.Security.Cryptography;
using System.Text;

namespace IotBus.Processors.Rollouts;

/// <summary>What was asked for, for good.</summary>
internal sealed record RolloutPlan
{
    public required Guid Id { get; init; }

    public required string Version { get; init; }

    public string? Zone { get; init; }

    /// <summary>How many devices it has.</summary>
    public required int Devices { get; init; }

    public required int WaveSize { get; init; }

    public required int MaxFailures { get; init; }

    public required TimeSpan ConfirmTimeout { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Tells whether a request that comes again is the same one.</summary>
    public required string Fingerprint { get; init; }

    public int Waves => (Devices + WaveSize - 1) / WaveSize;

    /// <summary>Of all that a valid request says but its identifier.</summary>
    public static string FingerprintOf(RolloutRequest request)
    {
        var text = string.Join('\n', request.DeviceIds ?? []) + FormattableString.Invariant(
            $"\n\n{request.Version}\n{request.Zone}\n{request.WaveSize}\n{request.Percent}\n{request.MaxFailures}\n{request.ConfirmTimeout}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
