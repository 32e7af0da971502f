using System.Text;
using IotBus.DevHost.CommandLine;

namespace IotBus.DevHost.DeadLetters;

/// <summary>A message's key as a person types it: its text, or its bytes in hexadecimal digits behind <c>0x</c>.</summary>
internal static class KeyText
{
    /// <exception cref="UsageException">What stands behind 0x are no pairs of hexadecimal digits.</exception>
    public static ReadOnlyMemory<byte> Parse(string text)
    {
        if (!text.StartsWith("0x", StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(text);

        try
        {
            return Convert.FromHexString(text.AsSpan(2));
        }
        catch (FormatException)
        {
            throw new UsageException($"--key takes a text, or bytes such as 0x6b31, not \"{text}\".");
        }
    }
}
