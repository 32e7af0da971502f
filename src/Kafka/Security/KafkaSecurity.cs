using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// How clients speak to the brokers and who they are, in a shape that a configuration section can be bound to. Give <see cref="Apply"/> to
/// <see cref="IKafkaFactoryConfigurator.ConfigureClient"/>.
/// </summary>
public sealed class KafkaSecurity
{
    /// <summary>The configuration section of the services.</summary>
    public const string Section = "Kafka:Security";

    /// <summary>Whether the connection is encrypted (Ssl), and whether a user logs in (Sasl).</summary>
    public SecurityProtocol Protocol { get; set; } = SecurityProtocol.Plaintext;

    /// <summary>How the user logs in: one of the SCRAM mechanisms, or Plain.</summary>
    public SaslMechanism Mechanism { get; set; } = SaslMechanism.ScramSha512;

    /// <summary>Who logs in.</summary>
    public string? Username { get; set; }

    /// <summary>That user's password.</summary>
    public string? Password { get; set; }

    /// <summary>A PEM file with the brokers' certificate authority; the system's authorities when null.</summary>
    public string? CaLocation { get; set; }

    private bool LogsIn => Protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;

    private bool Encrypts => Protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;

    /// <summary>Sets a client's security.</summary>
    /// <exception cref="ConfigurationException">Something is missing, or is set and would have no effect. The message says which key to change.</exception>
    public void Apply(ClientConfig client)
    {
        ArgumentNullException.ThrowIfNull(client);
        Validate();
        client.SecurityProtocol = Protocol;
        if (LogsIn)
        {
            client.SaslMechanism = Mechanism;
            client.SaslUsername = Username;
            client.SaslPassword = Password;
        }

        if (Encrypts && CaLocation is { Length: > 0 })
            client.SslCaLocation = CaLocation;
    }

    private void Validate()
    {
        var hasUser = !string.IsNullOrEmpty(Username) || !string.IsNullOrEmpty(Password);
        if (LogsIn && (string.IsNullOrEmpty(Username) || string.IsNullOrEmpty(Password)))
            throw Wrong($"{Section}:Protocol is {Protocol}: set {Section}:Username and {Section}:Password.");

        if (!LogsIn && hasUser)
            throw Wrong($"{Section}:Username or Password is set, but nobody logs in with {Section}:Protocol {Protocol}: set it to SaslSsl, or take them out.");

        if (LogsIn && Mechanism is not (SaslMechanism.ScramSha256 or SaslMechanism.ScramSha512 or SaslMechanism.Plain))
            throw Wrong($"{Section}:Mechanism is {Mechanism}: it must be ScramSha512, ScramSha256 or Plain.");

        if (string.IsNullOrEmpty(CaLocation))
            return;

        if (!Encrypts)
            throw Wrong($"{Section}:CaLocation is set, but {Section}:Protocol {Protocol} encrypts nothing: set it to SaslSsl or Ssl, or take the file out.");

        if (!File.Exists(CaLocation))
            throw Wrong($"{Section}:CaLocation names {CaLocation}, which is not there.");
    }

    private static ConfigurationException Wrong(string message) => new(message);
}
