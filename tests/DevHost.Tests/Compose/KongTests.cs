using IotBus.Api;
using IotBus.Reporting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using YamlDotNet.RepresentationModel;

namespace IotBus.DevHost.Tests.Compose;

public sealed class KongTests
{
    private static readonly YamlMappingNode Kong = YamlFile.Read("deploy/kong.yml");

    private static IEnumerable<YamlMappingNode> Services => ((YamlSequenceNode)Kong["services"]).Cast<YamlMappingNode>();

    [Fact]
    public void Every_path_of_the_Api_has_a_route() => AssertRouted("api", ApiService.Create(["--Kafka:BootstrapServers=127.0.0.1:1"]));

    [Fact]
    public void Every_path_of_Reporting_has_a_route() => AssertRouted("reporting", ReportingService.Create([]));

    [Theory]
    [InlineData("api")]
    [InlineData("reporting")]
    public void A_service_is_behind_keys_groups_and_a_limit(string name)
    {
        var plugins = Plugins(Service(name));

        Assert.Equal("true", plugins["key-auth"].Text("hide_credentials"));
        Assert.Equal("apikey", plugins["key-auth"]["key_names"].Texts().Single());
        Assert.NotEmpty(plugins["acl"]["allow"].Texts());
        Assert.Equal("false", plugins["acl"].Text("hide_groups_header"));
        Assert.Equal("consumer", plugins["rate-limiting"].Text("limit_by"));
    }

    [Fact]
    public void A_device_has_5_requests_a_second_and_a_gateway_10000()
    {
        var gateway = ((YamlSequenceNode)Kong["consumers"]).Cast<YamlMappingNode>().Single(consumer => consumer.Text("username") == "development");

        Assert.Equal("5", Plugins(Service("api"))["rate-limiting"].Text("second"));
        Assert.Equal("10000", Plugins(gateway)["rate-limiting"].Text("second"));
    }

    [Fact]
    public void Every_consumer_has_a_key_and_one_known_group()
    {
        foreach (var consumer in ((YamlSequenceNode)Kong["consumers"]).Cast<YamlMappingNode>())
        {
            Assert.NotEmpty(((YamlSequenceNode)consumer["keyauth_credentials"]).Select(credential => credential.Text("key")));
            Assert.Contains(((YamlSequenceNode)consumer["acls"]).Single().Text("group"), new[] { "device", "gateway", "operator" });
        }
    }

    private static YamlMappingNode Service(string name) => Services.Single(service => service.Text("name") == name);

    private static Dictionary<string, YamlMappingNode> Plugins(YamlMappingNode owner) =>
        ((YamlSequenceNode)owner["plugins"]).ToDictionary(plugin => plugin.Text("name"), plugin => plugin.Map("config"));

    private static void AssertRouted(string name, WebApplication app)
    {
        var prefixes = ((YamlSequenceNode)Service(name)["routes"]).SelectMany(route => route["paths"].Texts()).ToList();
        var paths = ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            // The document of the interface is for developers, inside.
            .Where(path => !path.StartsWith("/openapi", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.Contains(prefixes, prefix => path.StartsWith(prefix, StringComparison.Ordinal)));
    }
}
