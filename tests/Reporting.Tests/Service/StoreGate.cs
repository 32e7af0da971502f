using System.Net;
using System.Net.Sockets;

namespace IotBus.Reporting.Tests.Service;

/// <summary>A port that leads to MongoDB, until a test shuts it or keeps back what is sent.</summary>
internal sealed class StoreGate : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly IPEndPoint _endpoint;
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _pumps = [];
    private TcpListener _listener;
    private Task _accepting;
    private volatile bool _silent;

    private StoreGate(string uri)
    {
        var authority = new Uri(uri.Split(',')[0]);
        _host = authority.Host;
        _port = authority.Port > 0 ? authority.Port : 27017;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _endpoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync(_listener);
        Uri = $"mongodb://{(authority.UserInfo.Length > 0 ? authority.UserInfo + "@" : "")}{_endpoint}/?directConnection=true";
    }

    /// <summary>MongoDB through the gate.</summary>
    public string Uri { get; }

    /// <param name="uri">MongoDB's; its first host is the primary.</param>
    public static StoreGate Before(string uri) => new(uri);

    /// <summary>Breaks every connection and refuses new ones.</summary>
    public async Task ShutAsync()
    {
        _listener.Stop();
        await _accepting;
        Socket[] open;
        lock (_sockets)
            open = [.. _sockets];

        foreach (var socket in open)
            socket.Dispose();

        await Task.WhenAll(_pumps);
    }

    /// <summary>Accepts connections again, on the same port.</summary>
    public void Open()
    {
        _silent = false;
        _listener = new TcpListener(_endpoint);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Keeps connections open, but lets nothing pass that has not yet.</summary>
    public void Silence() => _silent = true;

    public async ValueTask DisposeAsync() => await ShutAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return; // The gate was shut.
            }

            var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await server.ConnectAsync(_host, _port);
            lock (_sockets)
                _sockets.AddRange([client, server]);

            _pumps.Add(PumpAsync(client, server));
            _pumps.Add(PumpAsync(server, client));
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                if (!_silent)
                    await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The gate was shut, or one of the two ends went.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
