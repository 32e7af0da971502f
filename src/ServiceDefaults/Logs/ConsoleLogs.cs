using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace IotBus.ServiceDefaults.Logs;

/// <summary>Logs to the console: lines for a person at a terminal, JSON for a collector.</summary>
internal static class ConsoleLogs
{
    public static void AddConsoleLogs(this WebApplicationBuilder builder)
    {
        var forPeople = builder.Environment.IsDevelopment() || !Console.IsOutputRedirected;

        builder.Logging.ClearProviders();
        builder.Logging.AddConsole();

        // The builder has chosen a formatter already; only what the configuration says stands above this choice.
        builder.Services.AddOptions<ConsoleLoggerOptions>().Configure<IConfiguration>((console, configuration) =>
            console.FormatterName = configuration["Logging:Console:FormatterName"]
                ?? (forPeople ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json));
        builder.Services.Configure<SimpleConsoleFormatterOptions>(lines =>
        {
            lines.SingleLine = true;
            lines.TimestampFormat ??= "HH:mm:ss ";
        });
        builder.Services.Configure<JsonConsoleFormatterOptions>(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat ??= "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
    }
}
