using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Tells trouble with the connection from everything else. librdkafka reports it for each broker and each try, with changing texts.
/// </summary>
internal static class ConnectionErrors
{
    /// <summary>The kind under which <see cref="ProblemLog"/> takes them for one problem.</summary>
    public const string Kind = "connection";

    public static bool Contain(ErrorCode code) => code is ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve
        or ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.NetworkException or ErrorCode.BrokerNotAvailable;

    /// <summary>The kind under which <see cref="ProblemLog"/> takes a client that is not let in.</summary>
    public const string Refusal = "refusal";

    public static bool AreRefusals(ErrorCode code) => code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed
        or ErrorCode.UnsupportedSaslMechanism or ErrorCode.ClusterAuthorizationFailed or ErrorCode.Local_Ssl;
}
