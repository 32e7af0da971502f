using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

namespace IotBus.DevHost.Tests.Script;

/// <summary>Where the native library of the Kafka client comes from, as the build evaluates it: nothing is restored, so no registry has to have it.</summary>
public sealed class NativePackageTests
{
    private const string Package = "librdkafka.redist";
    private const string OwnLibrary = "librdkafka.so.1";

    [Fact]
    public async Task With_LibrdkafkaRedist_it_comes_from_the_package_and_not_from_here()
    {
        var items = await EvaluateAsync("-p:LibrdkafkaRedist=true");

        Assert.Contains(Package, Names(items, "PackageReference"));
        Assert.DoesNotContain(Names(items, "None"), name => name.EndsWith(OwnLibrary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_it_the_package_is_not_asked_for()
    {
        var items = await EvaluateAsync();

        Assert.DoesNotContain(Package, Names(items, "PackageReference"));
    }

    [Fact]
    public void The_package_is_pinned_to_the_clients_version()
    {
        var versions = XDocument.Load(Repository.Path("Directory.Packages.props"));

        var package = versions.Descendants("PackageVersion").Single(version => version.Attribute("Include")?.Value == Package);
        Assert.Equal(versions.Descendants("ConfluentKafkaVersion").Single().Value, package.Attribute("Version")?.Value);
    }

    private static async Task<JsonElement> EvaluateAsync(params string[] properties)
    {
        var start = new ProcessStartInfo(
            "dotnet", ["msbuild", Repository.Path("src/Kafka/Kafka.csproj"), "-nologo", "-getItem:PackageReference", "-getItem:None", .. properties])
        {
            WorkingDirectory = Repository.Path("."),
        };
        var (exitCode, output, error) = await Script.RunAsync(start);
        Assert.True(exitCode == 0, output + error);
        return JsonDocument.Parse(output).RootElement.GetProperty("Items");
    }

    private static IEnumerable<string> Names(JsonElement items, string kind) =>
        items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!);
}
