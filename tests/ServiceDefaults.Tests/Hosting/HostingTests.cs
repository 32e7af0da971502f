using IotBus.ServiceDefaults.Tests.Fixtures;
using MassTransit;
using MassTransit.UsageTracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Tests.Hosting;

/// <summary>How every service is configured, logs and stops.</summary>
[Collection(nameof(EnvironmentVariables))]
public sealed class HostingTests
{
    [Theory]
    [InlineData("KAFKA_BOOTSTRAP_SERVERS", "Kafka:BootstrapServers", "broker:9092")]
    [InlineData("MONGODB_URI", "MongoDb:Uri", "mongodb://store:27017")]
    public void The_short_environment_variables_stand_for_their_keys(string variable, string key, string value)
    {
        using var variables = new EnvironmentVariables((variable, value));
        var builder = WebApplication.CreateSlimBuilder();

        builder.AddServiceDefaults("test");

        Assert.Equal(value, builder.Configuration[key]);
    }

    [Fact]
    public void The_command_line_stands_above_the_environment()
    {
        using var variables = new EnvironmentVariables(("MONGODB_URI", "mongodb://environment"));
        var builder = WebApplication.CreateSlimBuilder(["--MongoDb:Uri", "mongodb://command-line"]);

        builder.AddServiceDefaults("test");

        Assert.Equal("mongodb://command-line", builder.Configuration["MongoDb:Uri"]);
    }

    [Fact]
    public async Task A_shutdown_has_30_seconds_unless_configured()
    {
        await using var usual = Build();
        await using var quick = Build("--Shutdown:Timeout", "00:00:07");

        Assert.Equal(TimeSpan.FromSeconds(30), Timeout(usual));
        Assert.Equal(TimeSpan.FromSeconds(7), Timeout(quick));

        static TimeSpan Timeout(WebApplication host) => host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
    }

    [Fact]
    public async Task Logs_are_JSON_where_no_one_reads_along_and_lines_in_development()
    {
        await using var collected = Build();
        await using var read = Build("--environment", "Development");
        await using var chosen = Build("--Logging:Console:FormatterName", "systemd");

        // Test runners redirect the output.
        Assert.True(Console.IsOutputRedirected);
        Assert.Equal("json", Formatter(collected));
        Assert.Equal("simple", Formatter(read));
        Assert.Equal("systemd", Formatter(chosen));
    }

    [Fact]
    public async Task Requests_are_not_logged_unless_configured()
    {
        await using var quiet = Build();
        await using var chatty = Build("--Logging:LogLevel:Microsoft.AspNetCore", "Information");

        Assert.False(Logger(quiet).IsEnabled(LogLevel.Information));
        Assert.True(Logger(chatty).IsEnabled(LogLevel.Information));

        static ILogger Logger(WebApplication host) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_usage_telemetry_of_the_bus_is_off_whatever_the_bus_says(bool busFirst)
    {
        var builder = WebApplication.CreateSlimBuilder();
        if (busFirst)
            AddBus(builder);

        builder.AddServiceDefaults("test");
        if (!busFirst)
            AddBus(builder);

        await using var app = builder.Build();
        Assert.False(app.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
        Assert.False(app.Services.GetRequiredService<IUsageTracker>() is UsageTracker { Enabled: true });

        static void AddBus(WebApplicationBuilder builder) => builder.Services.AddMassTransit(bus =>
        {
            bus.ConfigureUsageTelemetryOptions(usage => usage.Enabled = true);
            bus.UsingInMemory();
        });
    }

    private static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults("test");
        return builder.Build();
    }

    private static string? Formatter(WebApplication host) => host.Services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName;
}
