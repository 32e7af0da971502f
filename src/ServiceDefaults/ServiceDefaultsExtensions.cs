using IotBus.ServiceDefaults.Health;
using IotBus.ServiceDefaults.Logs;
using IotBus.ServiceDefaults.Management;
using IotBus.ServiceDefaults.Metrics;
using IotBus.ServiceDefaults.Telemetry;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace IotBus.ServiceDefaults;

/// <summary>What every service has and none should write again.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The tag of the health checks that <c>/health/ready</c> runs.</summary>
    public const string ReadyTag = Readiness.Tag;

    /// <summary>The key of the bound on shutdown, a <see cref="TimeSpan"/>; 30 s when it is not set.</summary>
    public const string ShutdownTimeoutKey = "Shutdown:Timeout";

    /// <summary>
    /// Adds configuration, logs, telemetry, health, metrics, the management port and the bound on shutdown, and switches MassTransit's usage
    /// telemetry off. Addresses are read when the application is built, so a caller may still change the configuration after this.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="serviceName">The service's name in traces and metrics, for example <c>api</c>.</param>
    /// <param name="url">Where it listens when nothing else is configured; null for a service that has the management port only.</param>
    /// <param name="managementUrl">The management port when <c>Management:Url</c> is not set; port 0 lets the system choose.</param>
    public static WebApplicationBuilder AddServiceDefaults(
        this WebApplicationBuilder builder,
        string serviceName,
        string? url = null,
        string managementUrl = "http://127.0.0.1:0")
    {
        builder.Configuration.AddServiceConfiguration();
        builder.AddConsoleLogs();
        builder.AddTelemetry(serviceName);
        builder.Services.AddReadiness();
        builder.Services.AddMetricsEndpoint();
        builder.Services.AddManagement(new ManagementAddresses(url, managementUrl));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<HostOptions>().Configure<IConfiguration>((host, configuration) =>
            host.ShutdownTimeout = configuration.GetValue(ShutdownTimeoutKey, TimeSpan.FromSeconds(30)));

        // After whatever a bus registration says, and in the one place that no service can leave out.
        builder.Services.PostConfigure<UsageTelemetryOptions>(usage => usage.Enabled = false);
        return builder;
    }

    /// <summary>
    /// Opens the management port: <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>, and nothing else there. No other port serves them.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>Management:Url</c> is not an <c>http</c> address.</exception>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        // Listens from here on, so that nothing measured while starting is missed.
        app.Services.GetRequiredService<MetricsRegistry>();
        app.Services.GetRequiredService<ManagementEndpoint>().Open();
        return app;
    }
}
