namespace IotBus.Testing;

/// <summary>
/// The RabbitMQ that tests run on: the one that <c>IOTBUS_TEST_RABBITMQ</c> names (<c>amqp://user:password@host:5672/vhost</c>; the vhost is the tests' alone), or
/// else a node of their own.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Variable = "IOTBUS_TEST_RABBITMQ";

    private readonly RabbitMqNode? _node;

    private RabbitMqServer(Uri uri, RabbitMqNode? node)
    {
        Uri = uri;
        _node = node;
    }

    /// <summary>Its address, with user and password.</summary>
    public Uri Uri { get; }

    public string Username => Uri.UnescapeDataString(Uri.UserInfo.Split(':')[0]);

    public string Password => Uri.UnescapeDataString(Uri.UserInfo.Split(':')[1]);

    public string VirtualHost => Uri.AbsolutePath.Length <= 1 ? "/" : Uri.UnescapeDataString(Uri.AbsolutePath[1..]);

    /// <summary>The port with TLS of the tests' own node.</summary>
    public int TlsPort => Own.TlsPort;

    /// <summary>The authority of its certificate, a PEM file.</summary>
    public string Authority => Own.Authority;

    /// <summary>Why a test on RabbitMQ cannot run; null when it can.</summary>
    public static string? WhyNot => RealAddress is not null || RabbitMqInstallation.Find() is not null
        ? null
        : $"RabbitMQ is not here: ./iotbus test fetches it where apt-get can, Debian's package rabbitmq-server brings it, or {Variable} names one.";

    /// <summary>Why a test that needs a node of its own cannot run; null when it can.</summary>
    internal static string? WhyNotOwn => RealAddress is null ? WhyNot : "Only a node of the tests' own can be killed, and RabbitMQ is a real one here.";

    private static string? RealAddress => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : null;

    private RabbitMqNode Own => _node ?? throw new InvalidOperationException("It is not the tests' own.");

    public static async Task<RabbitMqServer> StartAsync()
    {
        if (RealAddress is { } address)
            return new RabbitMqServer(new Uri(address), null);

        var node = new RabbitMqNode(RabbitMqInstallation.Find() ?? throw new InvalidOperationException(WhyNot));
        try
        {
            await node.StartAsync();
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }

        return new RabbitMqServer(new Uri($"amqp://{RabbitMqNode.Username}:{node.Password}@localhost:{node.Port}"), node);
    }

    /// <summary>Returns when the node has written down that it has these quorum queues: killed before, it would forget them.</summary>
    public Task KnowsAsync(params IEnumerable<string> queues) => Own.KnowsAsync(queues);

    /// <summary>Kills the node, as a power cut would.</summary>
    public Task KillAsync() => Own.KillAsync();

    /// <summary>Starts it again on what it had written.</summary>
    public Task RestartAsync() => Own.StartAsync();

    public ValueTask DisposeAsync() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;
}
