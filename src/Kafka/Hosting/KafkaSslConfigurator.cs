using Confluent.Kafka;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaSslConfigurator(ClientConfig client) : IKafkaSslConfigurator
{
    public string CaLocation { set => client.SslCaLocation = value; }

    public string CaPem { set => client.SslCaPem = value; }

    public string CertificateLocation { set => client.SslCertificateLocation = value; }

    public string CertificatePem { set => client.SslCertificatePem = value; }

    public string KeyLocation { set => client.SslKeyLocation = value; }

    public string KeyPem { set => client.SslKeyPem = value; }

    public string KeyPassword { set => client.SslKeyPassword = value; }

    public string KeystoreLocation { set => client.SslKeystoreLocation = value; }

    public string KeystorePassword { set => client.SslKeystorePassword = value; }

    public string CrlLocation { set => client.SslCrlLocation = value; }

    public bool? EnableCertificateVerification { set => client.EnableSslCertificateVerification = value; }

    public SslEndpointIdentificationAlgorithm? EndpointIdentificationAlgorithm { set => client.SslEndpointIdentificationAlgorithm = value; }

    public string CipherSuites { set => client.SslCipherSuites = value; }

    public string CurvesList { set => client.SslCurvesList = value; }

    public string SigalgsList { set => client.SslSigalgsList = value; }
}
