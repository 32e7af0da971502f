namespace IotBus.Kafka;

/// <summary>Configures how the clients reach the brokers and prove who they are.</summary>
public interface IKafkaHostConfigurator
{
    /// <summary>
    /// Encrypts the connections and checks the brokers' certificates. Without a <c>SecurityProtocol</c> set elsewhere it is <c>Ssl</c>; with
    /// <see cref="UseSasl"/> it is <c>SaslSsl</c>.
    /// </summary>
    void UseSsl(Action<IKafkaSslConfigurator> configure);

    /// <summary>
    /// Says to the brokers who the client is. It needs <see cref="UseSsl"/>, or a <c>SecurityProtocol</c> that says that the password may go unencrypted.
    /// </summary>
    void UseSasl(Action<IKafkaSaslConfigurator> configure);
}
