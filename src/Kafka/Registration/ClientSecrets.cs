using Confluent.Kafka;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>Keeps passwords and private keys out of what is thrown.</summary>
internal static class ClientSecrets
{
    private static readonly string[] Names =
    [
        "sasl.password", "ssl.key.pem", "ssl.key.password", "ssl.keystore.password", "sasl.oauthbearer.config", "sasl.oauthbearer.client.secret",
        "ssl.certificate.pem", "sasl.oauthbearer.assertion.private.key.pem", "sasl.oauthbearer.assertion.private.key.passphrase",
    ];

    /// <summary>Makes a client.</summary>
    /// <exception cref="ConfigurationException">librdkafka refuses a setting; the message names it, and no secret.</exception>
    public static TClient Guard<TClient>(ClientConfig config, Func<TClient> create)
    {
        try
        {
            return create();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            // The exception's own text may quote a value, so it is not handed on.
            throw new ConfigurationException($"librdkafka refuses the settings for Kafka at {config.BootstrapServers}: {Redact(config, exception.Message)}");
        }
    }

    private static string Redact(ClientConfig config, string text)
    {
        foreach (var setting in config)
        {
            if (setting.Value is { Length: > 0 } && Names.Contains(setting.Key))
                text = text.Replace(setting.Value, "***", StringComparison.Ordinal);
        }

        return text;
    }
}
