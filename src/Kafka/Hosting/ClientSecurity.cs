using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Whether what was said about TLS and SASL fits together; librdkafka would say so only once it cannot connect, or not at all.</summary>
internal sealed class ClientSecurity
{
    public bool UsesSsl { get; set; }

    public bool UsesSasl { get; set; }

    /// <summary>What follows from <c>UseSsl</c> and <c>UseSasl</c> where the protocol itself is not set. A password is never sent in the clear unasked.</summary>
    public void Complete(ClientConfig config)
    {
        if (config.SecurityProtocol is null && UsesSsl)
            config.SecurityProtocol = UsesSasl ? SecurityProtocol.SaslSsl : SecurityProtocol.Ssl;
    }

    public IEnumerable<(string Key, string Message)> Validate(ClientConfig config)
    {
        var protocol = config.SecurityProtocol ?? SecurityProtocol.Plaintext;
        var sasl = protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;
        var ssl = protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;
        if (UsesSsl && !ssl)
            yield return ("UseSsl", $"is called, and SecurityProtocol is {protocol}: set it to Ssl, to SaslSsl, or not at all.");

        if (!sasl && (UsesSasl || config.SaslMechanism is not null || config.SaslUsername is not null))
        {
            yield return (
                "UseSasl",
                $"is called, and SecurityProtocol is {protocol}: call UseSsl too, or set SecurityProtocol to SaslSsl, or to SaslPlaintext where the password "
                + "may go unencrypted.");
        }

        foreach (var problem in sasl ? SaslProblems(config) : [])
            yield return problem;

        foreach (var problem in ssl ? SslProblems(config) : [])
            yield return problem;
    }

    private static IEnumerable<(string Key, string Message)> SaslProblems(ClientConfig config)
    {
        if (config.SaslMechanism is null)
        {
            yield return ("UseSasl", "has no Mechanism: set it to Plain, ScramSha256, ScramSha512, OAuthBearer or Gssapi, as the brokers have it.");
            yield break;
        }

        if (config.SaslMechanism is not (SaslMechanism.Plain or SaslMechanism.ScramSha256 or SaslMechanism.ScramSha512))
            yield break;

        if (string.IsNullOrEmpty(config.SaslUsername))
            yield return ("UseSasl", $"has no Username, which {config.SaslMechanism} needs: set it.");

        if (string.IsNullOrEmpty(config.SaslPassword))
            yield return ("UseSasl", $"has no Password, which {config.SaslMechanism} needs: set it.");
    }

    private static IEnumerable<(string Key, string Message)> SslProblems(ClientConfig config)
    {
        foreach (var (name, path) in ((string, string?)[])
        [
            ("CaLocation", config.SslCaLocation == "probe" ? null : config.SslCaLocation), ("CertificateLocation", config.SslCertificateLocation),
            ("KeyLocation", config.SslKeyLocation), ("KeystoreLocation", config.SslKeystoreLocation), ("CrlLocation", config.SslCrlLocation),
        ])
        {
            if (path is not null && !Path.Exists(path))
                yield return ("UseSsl", $"has {name} '{path}', where nothing is: name an existing file, or mount it.");
        }

        var certificate = config.SslCertificateLocation is not null || config.SslCertificatePem is not null;
        var key = config.SslKeyLocation is not null || config.SslKeyPem is not null;
        if (certificate && !key)
            yield return ("UseSsl", "has the client's certificate without its key: set KeyLocation or KeyPem.");

        if (key && !certificate)
            yield return ("UseSsl", "has the client's key without its certificate: set CertificateLocation or CertificatePem.");
    }
}
