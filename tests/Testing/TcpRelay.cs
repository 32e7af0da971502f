using System.Net;
using System.Net.Sockets;

namespace IotBus.Testing;

/// <summary>Stands between a client and a server on loopback, so that a test can take the server away and bring it back.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Action<ReadOnlySpan<byte>>>? _listen;
    private readonly Task _accepting;
    private bool _cut;

    /// <param name="host">The server's.</param>
    /// <param name="port">The server's.</param>
    /// <param name="listen">Called for each connection; what it gives hears all that the client sends.</param>
    public TcpRelay(string host, int port, Func<Action<ReadOnlySpan<byte>>>? listen = null)
    {
        _listen = listen;
        _target = new IPEndPoint(IPAddress.Parse(host == "localhost" ? "127.0.0.1" : host), port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Breaks every connection and closes new ones at once.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _cut = true;
            foreach (var socket in _sockets)
                socket.Close(0);

            _sockets.Clear();
        }
    }

    public void Restore()
    {
        lock (_lock)
            _cut = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            if (!Track(client) || !Track(server))
                return;

            await server.ConnectAsync(_target, _stopping.Token).ConfigureAwait(false);
            await Task.WhenAny(PumpAsync(client, server, _listen?.Invoke()), PumpAsync(server, client, heard: null)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A cut connection ends here; both sides see it closed.
        }
        finally
        {
            lock (_lock)
            {
                _sockets.Remove(client);
                _sockets.Remove(server);
            }

            client.Close(0);
            server.Close(0);
        }
    }

    private bool Track(Socket socket)
    {
        lock (_lock)
            return !_cut && _sockets.Add(socket);
    }

    private static async Task PumpAsync(Socket from, Socket to, Action<ReadOnlySpan<byte>>? heard)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer).ConfigureAwait(false)) > 0)
            {
                heard?.Invoke(buffer.AsSpan(0, read));
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent)).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other direction, or the relay, closed it.
        }
    }
}
