using System.Runtime.InteropServices;

namespace IotBus.MongoDb.Native;

/// <summary><c>bson_error_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BsonError
{
    public const int MessageLength = 504;

    public uint Domain;
    public uint Code;
    public fixed byte Message[MessageLength];

    /// <summary>The message; it ends with NUL or with the buffer.</summary>
    public readonly string Text
    {
        get
        {
            fixed (byte* message = Message)
            {
                var bytes = new ReadOnlySpan<byte>(message, MessageLength);
                var end = bytes.IndexOf((byte)0);
                return System.Text.Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
            }
        }
    }
}
