using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IotBus.Testing;

/// <summary>
/// The beginning of a broker that asks for TLS and a login, as far as a client's first message of the login: the embedded broker knows neither. It
/// refuses everybody then.
/// </summary>
public sealed class TlsBroker : IAsyncDisposable
{
    private const short ApiVersions = 18;
    private const short SaslHandshake = 17;
    private const short SaslAuthenticate = 36;

    private readonly X509Certificate2 _certificate = LoopbackCertificate.Make();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _mechanism = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _firstMessage = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _connections;

    public TlsBroker()
    {
        Authority = Path.Combine(Path.GetTempPath(), $"ca-{Guid.NewGuid():N}.crt");
        File.WriteAllText(Authority, _certificate.ExportCertificatePem());
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The file with its certificate authority.</summary>
    public string Authority { get; }

    /// <summary>How many clients came.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How the first client wants to log in.</summary>
    public Task<string> Mechanism => _mechanism.Task;

    /// <summary>What it said first in doing so.</summary>
    public Task<string> FirstMessage => _firstMessage.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _certificate.Dispose();
        _stop.Dispose();
        File.Delete(Authority);
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                clients.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            await using (var stream = new SslStream(client.GetStream()))
            {
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                while (Answer(await ReadAsync(stream)) is { } answer)
                    await stream.WriteAsync(answer, _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or did not trust it, or the test is over.
        }
    }

    private async Task<byte[]> ReadAsync(SslStream stream)
    {
        var length = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(length, _stop.Token);
        var request = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(request, _stop.Token);
        return request;
    }

    /// <summary>The answer to a request; null ends the connection.</summary>
    private byte[]? Answer(byte[] request)
    {
        var key = BinaryPrimitives.ReadInt16BigEndian(request);
        var correlation = request.AsSpan(4, 4).ToArray();
        var body = request.AsSpan(10 + Math.Max((short)0, BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(8)))).ToArray();
        byte[]? answer = key switch
        {
            // No error; three APIs, each with its versions and no tags; no throttling; no tags.
            ApiVersions => [0, 0, 4, .. Api(ApiVersions, 3), .. Api(SaslHandshake, 1), .. Api(SaslAuthenticate, 0), 0, 0, 0, 0, 0],
            SaslHandshake => Handshake(body),
            SaslAuthenticate => Authenticate(body),
            _ => null,
        };
        return answer is null ? null : Frame([.. correlation, .. answer]);
    }

    private static byte[] Api(short key, byte highest) => [0, (byte)key, 0, 0, 0, highest, 0];

    private byte[] Handshake(byte[] body)
    {
        var mechanism = Encoding.UTF8.GetString(body.AsSpan(2, BinaryPrimitives.ReadInt16BigEndian(body)));
        _mechanism.TrySetResult(mechanism);

        // No error, and the one mechanism that was asked for.
        return [0, 0, 0, 0, 0, 1, .. body];
    }

    private byte[]? Authenticate(byte[] body)
    {
        _firstMessage.TrySetResult(Encoding.UTF8.GetString(body.AsSpan(sizeof(int))));
        return null;
    }

    private static byte[] Frame(byte[] answer)
    {
        var frame = new byte[sizeof(int) + answer.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, answer.Length);
        answer.CopyTo(frame, sizeof(int));
        return frame;
    }
}
