using IotBus.DevHost.CommandLine;

namespace IotBus.DevHost.Up;

/// <summary>What <c>./iotbus up</c> was asked to do.</summary>
/// <param name="Simulator">Whether simulated devices send events.</param>
/// <param name="Port">The Api's port.</param>
/// <param name="ReportingPort">Reporting's port.</param>
/// <param name="ManagementPort">The first of three management ports: the Api's, Reporting's, the processors'.</param>
/// <param name="CommandsPort">The processors' port, for what operators command.</param>
internal sealed record UpOptions(bool Simulator, int Port, int ReportingPort, int ManagementPort, int CommandsPort)
{
    private const string PortOption = "--port";
    private const string ReportingPortOption = "--reporting-port";
    private const string CommandsPortOption = "--commands-port";
    private const string ManagementPortOption = "--management-port";

    /// <summary>Every port with what listens there and the option that moves it.</summary>
    public IReadOnlyList<(int Port, string Listener, string Option)> Ports =>
    [
        (Port, "the Api", PortOption),
        (ReportingPort, "Reporting", ReportingPortOption),
        (CommandsPort, "commands", CommandsPortOption),
        (ManagementPort, "the Api's management", ManagementPortOption),
        (ManagementPort + 1, "Reporting's management", ManagementPortOption),
        (ManagementPort + 2, "the processors' management", ManagementPortOption),
    ];

    public Uri Api => Local(Port);

    public Uri Reporting => Local(ReportingPort);

    public Uri Commands => Local(CommandsPort);

    public Uri ApiManagement => Local(ManagementPort);

    public Uri ReportingManagement => Local(ManagementPort + 1);

    public Uri ProcessorsManagement => Local(ManagementPort + 2);

    /// <exception cref="UsageException">The arguments make no sense.</exception>
    public static UpOptions Parse(ReadOnlySpan<string> args)
    {
        var arguments = Arguments.Parse(args, ["--no-simulator"], [PortOption, ReportingPortOption, CommandsPortOption, ManagementPortOption]);
        if (arguments.Rest.Count > 0)
            throw new UsageException($"up takes options only, not \"{arguments.Rest[0]}\".");

        var options = new UpOptions(
            !arguments.Has("--no-simulator"),
            arguments.Number(PortOption, 8080, 1, 65_535),
            arguments.Number(ReportingPortOption, 8081, 1, 65_535),
            arguments.Number(ManagementPortOption, 9080, 1, 65_533),
            arguments.Number(CommandsPortOption, 8082, 1, 65_535));
        foreach (var same in options.Ports.GroupBy(port => port.Port).Where(same => same.Count() > 1))
            throw new UsageException($"Port {same.Key} is asked for twice: for {string.Join(" and for ", same.Select(port => $"{port.Listener} ({port.Option})"))}.");

        return options;
    }

    private static Uri Local(int port) => new($"http://127.0.0.1:{port}/");
}
