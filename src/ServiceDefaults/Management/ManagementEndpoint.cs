using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace IotBus.ServiceDefaults.Management;

/// <summary>The addresses of a service for which nothing is configured.</summary>
internal sealed record ManagementAddresses(string? Url, string ManagementUrl);

/// <summary>
/// The second address that the service's server listens on. Who came in there is told by the connection's local port, never by the
/// <c>Host</c> header, which a client chooses. Endpoints configured under <c>Kestrel:Endpoints</c> make the server ignore its addresses,
/// this one too: use <c>Urls</c> instead.
/// </summary>
public sealed class ManagementEndpoint
{
    /// <summary>The configuration key of the address.</summary>
    public const string UrlKey = "Management:Url";

    private const int Unknown = 0;
    private const int None = -1;

    private readonly IServerAddressesFeature? _server;
    private readonly IConfiguration _configuration;
    private readonly ManagementAddresses _defaults;
    private volatile int _port = None;
    private int _position;

    internal ManagementEndpoint(IServer server, IConfiguration configuration, ManagementAddresses defaults)
    {
        _server = server.Features.Get<IServerAddressesFeature>();
        _configuration = configuration;
        _defaults = defaults;
    }

    /// <summary>
    /// Where it listens, with the port that the system chose; null before the service has started, and on servers without addresses.
    /// </summary>
    public Uri? Url
    {
        get
        {
            if (_server is null || Port() <= 0)
                return null;

            var address = BindingAddress.Parse(_server.Addresses.ElementAt(_position));
            var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
            return new Uri($"http://{host}:{Port()}");
        }
    }

    /// <summary>The service's own addresses, without the management address, as the server tells them once it has started.</summary>
    public IReadOnlyList<string> ServiceUrls => _server is null ? [] : [.. _server.Addresses.Where((_, i) => i != _position)];

    internal bool Owns(HttpContext context)
    {
        var port = _port;
        if (port == None)
            return false;

        if (port == Unknown)
            port = Port();

        // A connection without a port (a Unix socket, a server in memory) has 0 there.
        return port > 0 && context.Connection.LocalPort == port;
    }

    internal void Open()
    {
        var url = _configuration[UrlKey] is { Length: > 0 } configured ? configured : _defaults.ManagementUrl;
        var address = Parse(url);
        if (_server is null)
            return;

        var addresses = _server.Addresses;
        if (addresses.Count == 0)
            AddServiceAddresses(addresses);

        _position = addresses.Count;
        addresses.Add(url);
        _port = address.Port;
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address is { Scheme: "http", IsUnixPipe: false, IsNamedPipe: false })
                return address;
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException($"{UrlKey} is no address: '{url}'. An example: http://127.0.0.1:9080", exception);
        }

        throw new InvalidOperationException($"{UrlKey} is not an http address: '{url}'. An example: http://127.0.0.1:9080");
    }

    /// <summary>The hosting layer takes the configured addresses only when the server has none yet, so they are added here, by its rules.</summary>
    private void AddServiceAddresses(ICollection<string> addresses)
    {
        if (_configuration["urls"] is { Length: > 0 } urls)
        {
            AddEach(addresses, urls, url => url);
            return;
        }

        AddEach(addresses, _configuration["http_ports"], port => $"http://*:{port}");
        AddEach(addresses, _configuration["https_ports"], port => $"https://*:{port}");
        if (addresses.Count == 0 && _defaults.Url is not null)
            addresses.Add(_defaults.Url);
    }

    private static void AddEach(ICollection<string> addresses, string? list, Func<string, string> address)
    {
        foreach (var item in (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            addresses.Add(address(item));
    }

    private int Port()
    {
        // A port the system chose is known once the server has bound that many addresses; it binds them in order.
        if (_port != Unknown || _server is null || _server.Addresses.Count <= _position)
            return _port;

        var bound = BindingAddress.Parse(_server.Addresses.ElementAt(_position)).Port;
        if (bound != 0)
            _port = bound;

        return _port;
    }
}
