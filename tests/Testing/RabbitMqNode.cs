using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IotBus.Testing;

/// <summary>
/// A RabbitMQ node of the tests, with Erlang's name service beside it: all on loopback, on ports that were free, and with whatever it writes in a folder of its own.
/// </summary>
internal sealed class RabbitMqNode : IAsyncDisposable
{
    public const string Username = "iotbus-tests";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private readonly RabbitMqInstallation _installation;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iotbus-rabbitmq-");
    private readonly Dictionary<string, string> _environment;
    private readonly string _nameServicePort;
    private ChainedProcess? _nameService;
    private ChainedProcess? _node;
    private int _starts;

    public RabbitMqNode(RabbitMqInstallation installation)
    {
        _installation = installation;
        var ports = FreePorts(4);
        (Port, TlsPort) = (ports[0], ports[1]);
        _nameServicePort = ports[2].ToString(CultureInfo.InvariantCulture);
        WriteConfiguration();
        _environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{installation.Erlang}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = _folder.FullName,
            ["LANG"] = "C.UTF-8",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = _nameServicePort,
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_NODENAME"] = "iotbus-tests@localhost",
            ["RABBITMQ_DIST_PORT"] = ports[3].ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CONFIG_FILE"] = InFolder("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = InFolder("plugins"),
            ["RABBITMQ_MNESIA_BASE"] = InFolder("data"),
            ["RABBITMQ_LOG_BASE"] = InFolder("log"),
            ["RABBITMQ_LOGS"] = "-",

            // So that the script becomes the node, instead of watching over it.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        };
    }

    public int Port { get; }

    public int TlsPort { get; }

    public string Password { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>The file with the authority of its certificate, which is for <c>localhost</c>.</summary>
    public string Authority => InFolder("certificate.pem");

    /// <summary>Returns when it serves.</summary>
    public async Task StartAsync()
    {
        _nameService ??= new ChainedProcess(
            Path.Combine(_installation.Erlang, "epmd"), ["-address", "127.0.0.1", "-port", _nameServicePort], _environment, InFolder("epmd.log"));
        var log = InFolder($"node-{++_starts}.log");
        _node = new ChainedProcess("/bin/sh", [_installation.Script], _environment, log);
        await Eventually.TrueAsync(
            async () => File.Exists(log) && (await File.ReadAllTextAsync(log)).Contains("Server startup complete", StringComparison.Ordinal),
            StartDeadline,
            () => $"RabbitMQ did not start: {string.Join('\n', File.ReadLines(log).TakeLast(30))}");
    }

    /// <summary>
    /// Returns when the node has written down that it has these quorum queues. It does so a moment after it has made one; killed before that, it forgets the
    /// queue, which other nodes of a cluster would still know.
    /// </summary>
    public Task KnowsAsync(params IEnumerable<string> queues) => Eventually.TrueAsync(() =>
    {
        var written = Directory.EnumerateFiles(InFolder("data"), "names.dets", SearchOption.AllDirectories).Select(ReadShared).ToList();
        return queues.All(queue => written.Exists(names => names.Contains(queue, StringComparison.Ordinal)));
    });

    /// <summary>Kills it, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();

        _node = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_nameService is not null)
            await _nameService.DisposeAsync();

        _folder.Delete(recursive: true);
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private void WriteConfiguration()
    {
        using var certificate = LoopbackCertificate.Make();
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(Authority, certificate.ExportCertificatePem());
        File.WriteAllText(InFolder("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(InFolder("rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            ssl_options.cacertfile = {Authority}
            ssl_options.certfile = {Authority}
            ssl_options.keyfile = {InFolder("key.pem")}
            default_user = {Username}
            default_pass = {Password}
            disk_free_limit.absolute = 50MB

            """));
    }

    /// <summary>Ports that nobody listens on; held all at once, so that they differ.</summary>
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
