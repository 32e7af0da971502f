using System.Text.Json.Serialization;

namespace IotBus.Bench.Producing;

/// <summary>What one pass took.</summary>
/// <param name="Messages">How many were produced and acknowledged.</param>
/// <param name="Seconds">From the first to the last acknowledgement.</param>
/// <param name="CpuSeconds">Of the whole process meanwhile, the client's threads included.</param>
/// <param name="AllocatedBytes">By managed code meanwhile.</param>
internal sealed record ProducingResult(int Messages, double Seconds, double CpuSeconds, long AllocatedBytes)
{
    [JsonIgnore]
    public double PerSecond => Messages / Seconds;

    [JsonIgnore]
    public double CpuMicrosecondsEach => CpuSeconds * 1e6 / Messages;

    [JsonIgnore]
    public double BytesEach => (double)AllocatedBytes / Messages;
}

[JsonSerializable(typeof(ProducingResult))]
internal sealed partial class ProducingJsonContext : JsonSerializerContext;
