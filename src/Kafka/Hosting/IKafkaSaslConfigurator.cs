using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>How a client says to the brokers who it is. Passwords appear in no log and in no exception.</summary>
public interface IKafkaSaslConfigurator
{
    /// <summary><c>Plain</c>, <c>ScramSha256</c>, <c>ScramSha512</c>, <c>OAuthBearer</c> or <c>Gssapi</c>. Required.</summary>
    SaslMechanism? Mechanism { set; }

    /// <summary>Required for <c>Plain</c> and SCRAM.</summary>
    string Username { set; }

    /// <summary>Required for <c>Plain</c> and SCRAM.</summary>
    string Password { set; }

    /// <summary><c>SaslSsl</c>, or <c>SaslPlaintext</c> in a network that may see everything.</summary>
    SecurityProtocol? SecurityProtocol { set; }

    string OauthbearerConfig { set; }

    bool? EnableOauthbearerUnsecureJwt { set; }

    string KerberosServiceName { set; }

    string KerberosPrincipal { set; }

    string KerberosKinitCmd { set; }

    string KerberosKeytab { set; }

    /// <summary>Milliseconds.</summary>
    int? KerberosMinTimeBeforeRelogin { set; }
}
