using System.Net.Security;
using System.Security.Authentication;
using IotBus.Persistence;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Bus;

/// <summary>The bus that the configuration asks for.</summary>
public static class BusRegistration
{
    private const string ReadyTag = "ready";

    /// <summary>
    /// Puts the bus in memory or on RabbitMQ, as the section <c>Bus</c> says, with its health. Send to queues through the outbox: it delivers each message
    /// with the broker's confirmation.
    /// </summary>
    /// <param name="bus">From <c>AddMassTransit</c>.</param>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="configure">Configures the endpoints, on whichever transport it is.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message says what to change.</exception>
    public static void UsingConfiguredBus(
        this IBusRegistrationConfigurator bus, IConfiguration configuration, Action<IBusRegistrationContext, IBusFactoryConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(configure);
        var options = BusOptions.Read(configuration);
        if (options.Kind == BusTransportKind.InMemory)
        {
            bus.UsingInMemory((context, memory) => configure(context, memory));
            return;
        }

        bus.AddSingleton<IOutboxTransport, RabbitMqOutboxTransport>();
        bus.AddSingleton(new RabbitMqTrouble(options.RabbitMq));
        bus.AddHealthChecks().AddCheck<RabbitMqHealth>("rabbitmq", tags: [ReadyTag]);
        bus.ConfigureHealthCheckOptions(health => health.MinimalFailureStatus = HealthStatus.Degraded);
        bus.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(options.RabbitMq);
            rabbit.ConnectEndpointConfigurationObserver(new QuorumQueues(options.RabbitMq.QuorumSize));
            configure(context, rabbit);
        });
    }

    private static void Host(this IRabbitMqBusFactoryConfigurator rabbit, RabbitMqOptions options) =>
        rabbit.Host(options.Host, (ushort)options.EffectivePort, options.VirtualHost, host =>
        {
            host.Username(options.Username);
            host.Password(options.Password);
            host.PublisherConfirmation = true;
            if (options.Tls)
                host.UseSsl(tls => Secure(tls, options));
        });

    private static void Secure(IRabbitMqSslConfigurator tls, RabbitMqOptions options)
    {
        tls.Protocol = SslProtocols.None; // The system's choice, which is its newest.
        tls.ServerName = string.IsNullOrEmpty(options.ServerName) ? options.Host : options.ServerName;

        // Left to itself the library takes a certificate of whomever.
        tls.EnforcePolicyErrors(
            SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable);
        if (!string.IsNullOrEmpty(options.CaLocation))
            tls.CertificateValidationCallback = new TrustedAuthorities(options.CaLocation).Trusts;
    }
}
