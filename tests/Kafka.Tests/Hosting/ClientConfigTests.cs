using Confluent.Kafka;

namespace IotBus.Kafka.Tests;

/// <summary>What the configuration says to librdkafka.</summary>
public sealed class ClientConfigTests
{
    [Fact]
    public void What_MassTransits_users_set_is_what_librdkafka_gets()
    {
        var config = Configure(k =>
        {
            k.ClientId = "client";
            k.ClientRack = "rack";
            k.MaxInFlight = 3;
            k.MetadataMaxAge = TimeSpan.FromSeconds(9);
            k.ReconnectBackoffMax = TimeSpan.FromSeconds(2);
            k.Host(["one:9092", "two:9092"], host =>
            {
                host.UseSsl(ssl =>
                {
                    ssl.CaLocation = "/ca.pem";
                    ssl.EndpointIdentificationAlgorithm = SslEndpointIdentificationAlgorithm.None;
                });
                host.UseSasl(sasl =>
                {
                    sasl.Mechanism = SaslMechanism.ScramSha512;
                    sasl.Username = "me";
                    sasl.Password = "secret";
                });
            });
            k.ConfigureSocket(socket => socket.Timeout = TimeSpan.FromSeconds(7));
            k.ConfigureApi(api => api.RequestTimeout = TimeSpan.FromSeconds(8));
        });

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["bootstrap.servers"] = "one:9092,two:9092",
                ["client.id"] = "client",
                ["client.rack"] = "rack",
                ["max.in.flight"] = "3",
                ["metadata.max.age.ms"] = "9000",
                ["reconnect.backoff.ms"] = "50",
                ["reconnect.backoff.max.ms"] = "2000",
                ["security.protocol"] = "sasl_ssl",
                ["ssl.ca.location"] = "/ca.pem",
                ["ssl.endpoint.identification.algorithm"] = "none",
                ["sasl.mechanism"] = "SCRAM-SHA-512",
                ["sasl.username"] = "me",
                ["sasl.password"] = "secret",
                ["socket.timeout.ms"] = "7000",
                ["api.version.request.timeout.ms"] = "8000",
            },
            config.ToDictionary(setting => setting.Key, setting => setting.Value));
    }

    [Fact]
    public void TLS_alone_needs_no_security_protocol_and_a_protocol_that_is_set_stands()
    {
        Assert.Equal(SecurityProtocol.Ssl, Configure(k => k.Host("a:1", host => host.UseSsl(_ => { }))).SecurityProtocol);
        Assert.Equal(SecurityProtocol.SaslPlaintext, Configure(k =>
        {
            k.SecurityProtocol = SecurityProtocol.SaslPlaintext;
            k.Host("a:1", host => host.UseSasl(sasl => sasl.Mechanism = SaslMechanism.Plain));
        }).SecurityProtocol);
    }

    [Fact]
    public void What_is_configured_goes_before_the_ClientConfig_that_it_began_with()
    {
        var configurator = new KafkaFactoryConfigurator(new ClientConfig { BootstrapServers = "old:1", ClientRack = "rack" });
        configurator.Host("new:1");

        Assert.Equal(("new:1", "rack"), (configurator.ClientConfig().BootstrapServers, configurator.ClientConfig().ClientRack));
    }

    [Fact]
    public void A_producers_own_settings_go_before_the_riders()
    {
        var definition = new ProducerDefinition<string, Warmth>("topic", new ProducerConfig { LingerMs = 7 });
        ((IKafkaProducerConfigurator)definition).CompressionType = CompressionType.Zstd;

        var config = new ProducerSettings().ToConfig(new ClientConfig(), definition.Config);

        Assert.Equal((7, CompressionType.Zstd, Acks.All, true), (config.LingerMs, config.CompressionType, config.Acks, config.EnableIdempotence));
    }

    private static ClientConfig Configure(Action<IKafkaFactoryConfigurator> configure)
    {
        var configurator = new KafkaFactoryConfigurator(new ClientConfig());
        configure(configurator);
        return configurator.ClientConfig();
    }
}
