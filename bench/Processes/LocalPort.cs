using System.Net;
using System.Net.Sockets;

namespace IotBus.Bench.Processes;

internal static class LocalPort
{
    /// <summary>A port on 127.0.0.1 that the system has just called free, as a URL to listen on.</summary>
    public static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
