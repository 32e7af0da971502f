using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>TLS to the brokers. What is not set is librdkafka's default: the system's authorities, certificates checked, names too.</summary>
public interface IKafkaSslConfigurator
{
    /// <summary>A file, or a folder, of the certificate authorities that the brokers' certificates must come from, PEM.</summary>
    string CaLocation { set; }

    /// <summary>The authorities themselves, PEM.</summary>
    string CaPem { set; }

    /// <summary>The client's certificate, a PEM file. It needs a key.</summary>
    string CertificateLocation { set; }

    /// <summary>The client's certificate itself, PEM.</summary>
    string CertificatePem { set; }

    /// <summary>The private key of the client's certificate, a PEM file.</summary>
    string KeyLocation { set; }

    /// <summary>The private key itself, PEM.</summary>
    string KeyPem { set; }

    string KeyPassword { set; }

    /// <summary>Key and certificate of the client in one PKCS#12 file.</summary>
    string KeystoreLocation { set; }

    string KeystorePassword { set; }

    /// <summary>Revoked certificates, a PEM file.</summary>
    string CrlLocation { set; }

    /// <summary>Whether a broker's certificate is checked at all; true by default.</summary>
    bool? EnableCertificateVerification { set; }

    /// <summary>Whether a broker's certificate must be for its host name: <c>Https</c>, the default, or <c>None</c>.</summary>
    SslEndpointIdentificationAlgorithm? EndpointIdentificationAlgorithm { set; }

    string CipherSuites { set; }

    string CurvesList { set; }

    string SigalgsList { set; }
}
