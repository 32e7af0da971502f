using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace IotBus.Kafka.Tests;

/// <summary>Lets a client meet a fatal error, with the function that librdkafka has for tests of those who use it.</summary>
internal static class FatalErrors
{
    private static readonly Lazy<Function> Exported = new(() => Marshal.GetDelegateForFunctionPointer<Function>(NativeLibrary.GetExport(
        Librdkafka.Load([Path.Combine(AppContext.BaseDirectory, "librdkafka.so.1"), "librdkafka.so.1"]), "rd_kafka_test_fatal_error")));

    private delegate ErrorCode Function(nint client, ErrorCode error, [MarshalAs(UnmanagedType.LPUTF8Str)] string reason);

    /// <summary>As if the client might write nowhere. Once a client.</summary>
    public static void Raise(IClient client) =>
        Assert.Equal(ErrorCode.NoError, Exported.Value(NativeProducer.ClientOf(client), ErrorCode.ClusterAuthorizationFailed, "raised"));
}
