using System.Text.RegularExpressions;

namespace IotBus.DevHost.Tests.Compose;

/// <summary>A setting that no service reads is a setting that does nothing.</summary>
public sealed partial class ServiceKeysTests
{
    // ASP.NET Core reads these itself.
    private static readonly string[] Hosts = ["ASPNETCORE_URLS"];

    [Theory]
    [InlineData("api")]
    [InlineData("processors")]
    [InlineData("reporting")]
    public void Every_variable_is_one_that_the_documentation_knows(string service)
    {
        var documented = BackQuoted().Matches(Repository.Text("docs/configuration.md")).Select(match => match.Groups[1].Value).ToHashSet();

        var variables = YamlFile.Read("docker-compose.yml").Map("services").Map(service).Map("environment").Keys();

        Assert.All(variables.Except(Hosts), variable =>
            Assert.Contains(variable.Replace("__", ":", StringComparison.Ordinal), documented));
    }

    [Fact]
    public void The_documentation_knows_only_keys_that_the_sources_name()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Append(Repository.Path("iotbus"))
            .Concat(Directory.EnumerateFiles(Repository.Path("tests/Testing"), "*.cs"))
            .Select(File.ReadAllText));

        var keys = TableKey().Matches(Repository.Text("docs/configuration.md")).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.True(
            sources.Contains(key, StringComparison.Ordinal) || key.Split(':').All(part => part.Length < 3 || sources.Contains(part, StringComparison.Ordinal)),
            key));
    }

    [GeneratedRegex("`([A-Za-z_:0-9]+)`")]
    private static partial Regex BackQuoted();

    /// <summary>The first cell of a table's row.</summary>
    [GeneratedRegex(@"(?m)^\| `([A-Za-z_:]+)")]
    private static partial Regex TableKey();
}
