using System.Net;
using System.Net.Sockets;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.Up;
using Microsoft.AspNetCore.Builder;

namespace IotBus.DevHost.Tests.Up;

public sealed class UpOptionsTests
{
    [Fact]
    public void The_ports_are_the_documented_ones()
    {
        var options = UpOptions.Parse([]);

        Assert.True(options.Simulator);
        Assert.Equal([8080, 8081, 8082, 9080, 9081, 9082], options.Ports.Select(port => port.Port));
    }

    [Theory]
    [InlineData("--port 70000", "--port takes a whole number from 1 to 65535, not \"70000\".")]
    [InlineData("--port 8081", "Port 8081 is asked for twice: for the Api (--port) and for Reporting (--reporting-port).")]
    [InlineData("--reporting-port 9082", "Port 9082 is asked for twice: for Reporting (--reporting-port) and for the processors' management (--management-port).")]
    [InlineData("now", "up takes options only, not \"now\".")]
    [InlineData("--simulator", "There is no option --simulator.")]
    public void What_makes_no_sense_is_refused(string args, string expected)
    {
        var e = Assert.Throws<UsageException>(() => UpOptions.Parse(args.Split(' ')));

        Assert.Equal(expected, e.Message);
    }

    [Fact]
    public void A_taken_port_is_said_with_the_option_that_changes_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var e = Assert.Throws<UsageException>(() => PortCheck.Run(new UpOptions(true, FreePort(), port, 9080, FreePort())));

        Assert.Equal($"Port {port}, for Reporting, is taken. Choose another one with --reporting-port N.", e.Message);
    }

    [Fact]
    public async Task A_port_that_is_taken_in_between_is_said_the_same_way()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var app = WebApplication.CreateSlimBuilder([$"--urls=http://127.0.0.1:{port}"]).Build();
        var e = await Assert.ThrowsAsync<IOException>(() => app.StartAsync());

        var said = PortCheck.Explain(new UpOptions(true, port, FreePort(), 9080, FreePort()), e);

        Assert.Equal($"Port {port}, for the Api, is taken. Choose another one with --port N.", said?.Message);
        Assert.Null(PortCheck.Explain(new UpOptions(true, port, FreePort(), 9080, FreePort()), new IOException("The disk is full.")));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
