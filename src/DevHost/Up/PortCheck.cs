using System.Net;
using System.Net.Sockets;
using IotBus.DevHost.CommandLine;
using Microsoft.AspNetCore.Connections;

namespace IotBus.DevHost.Up;

/// <summary>Looks, before anything is started, whether the ports are free.</summary>
internal static class PortCheck
{
    /// <exception cref="UsageException">A port cannot be had; the message names the option that chooses another.</exception>
    public static void Run(UpOptions options)
    {
        foreach (var (port, listener, option) in options.Ports)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                probe.Listen();
            }
            catch (SocketException e)
            {
                var why = e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => "is taken",
                    SocketError.AccessDenied => "needs root",
                    _ => $"cannot be had ({e.Message})",
                };
                throw Refusal(port, listener, option, why);
            }
        }
    }

    /// <summary>Says it of a port that was free a moment ago, when a service could not have it.</summary>
    public static UsageException? Explain(UpOptions options, Exception exception)
    {
        if (exception is not IOException { InnerException: AddressInUseException })
            return null;

        foreach (var (port, listener, option) in options.Ports)
        {
            if (exception.Message.Contains($":{port}:", StringComparison.Ordinal))
                return Refusal(port, listener, option, "is taken");
        }

        return null;
    }

    private static UsageException Refusal(int port, string listener, string option, string why) =>
        new($"Port {port}, for {listener}, {why}. Choose another one with {option} N.");
}
