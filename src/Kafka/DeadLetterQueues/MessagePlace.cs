using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IotBus.Kafka;

/// <summary>Where a message lies: written <c>topic[partition]@offset</c>.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">From 0.</param>
/// <param name="Offset">From 0.</param>
public readonly record struct MessagePlace(string Topic, int Partition, long Offset)
{
    /// <summary>Reads <c>topic[partition]@offset</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessagePlace place)
    {
        place = default;
        if (text is null)
            return false;

        var (open, close) = (text.IndexOf('[', StringComparison.Ordinal), text.IndexOf("]@", StringComparison.Ordinal));
        if (open < 0
            || close < open
            || !TopicName.IsValid(text[..open])
            || !int.TryParse(text.AsSpan(open + 1, close - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(text.AsSpan(close + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return false;
        }

        place = new MessagePlace(text[..open], partition, offset);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}[{Partition}]@{Offset}");
}
