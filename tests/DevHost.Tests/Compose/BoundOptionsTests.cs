using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using IotBus.Api;
using IotBus.Bus;
using IotBus.Kafka;
using IotBus.Processors;
using IotBus.Processors.Events;
using IotBus.Reporting;
using IotBus.ServiceDefaults.Edge;
using IotBus.ServiceDefaults.Metrics;

namespace IotBus.DevHost.Tests.Compose;

/// <summary>A setting that nobody can read of is a setting that nobody uses.</summary>
public sealed partial class BoundOptionsTests
{
    private static readonly (string Section, Type Options)[] Bound =
    [
        ("Topics", Internal(typeof(ApiService), "IotBus.Api.Producing.TopicOptions")),
        ("Batches", Internal(typeof(ApiService), "IotBus.Api.Batches.BatchOptions")),
        ("Kafka:Producer", typeof(ProducerSettings)),
        ("Kafka:Security", typeof(KafkaSecurity)),
        ("Topics", typeof(TopicOptions)),
        ("Processing", typeof(ProcessingOptions)),
        ("Decommissioning", Internal(typeof(ProcessorsService), "IotBus.Processors.Decommissioning.DecommissioningOptions")),
        ("Bus", typeof(BusOptions)),
        ("MongoDb", Internal(typeof(ReportingService), "IotBus.Reporting.Store.ReportingStoreOptions")),
        ("Edge", typeof(EdgeOptions)),
        ("Metrics", typeof(MetricsOptions)),
    ];

    // ASP.NET Core's own.
    private static readonly string[] Hosts = ["urls", "http_ports", "https_ports"];

    [Fact]
    public void Every_option_that_a_service_binds_is_documented()
    {
        var documented = DocumentedKeys();

        var keys = Bound.SelectMany(bound => Keys(bound.Section, bound.Options)).Distinct().ToList();

        Assert.Contains("Processing:BatchSize", keys);
        Assert.Contains("Topics:Alerts:MinInsyncReplicas", keys);
        Assert.Contains("Edge:Consumers:0:Username", keys);
        var missing = keys.FindAll(key => !documented.Any(known => known == key || known.StartsWith(key + ":", StringComparison.Ordinal)));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_key_that_a_service_reads_by_its_name_is_documented()
    {
        var read = Sources().SelectMany(source => ReadKey().Matches(source)).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("MongoDb:Uri", read);
        Assert.Empty(read.Except(Hosts).Except(DocumentedKeys()));
    }

    [Fact]
    public void Every_section_that_a_service_binds_is_looked_at_here()
    {
        var sections = Sources().SelectMany(source => BoundSection().Matches(source)).Select(match => match.Groups[1].Value).Distinct();

        var known = Bound.Select(bound => $"\"{bound.Section}\"")
            .Concat(Bound.Select(bound => $"{bound.Options.Name}.Section"))
            .Concat(typeof(MetricsOptions).GetProperties().Select(property => $"nameof(options.{property.Name})"));
        Assert.Empty(sections.Except(known));
    }

    private static IEnumerable<string> Keys(string prefix, Type options)
    {
        foreach (var property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var type = property.PropertyType;
            var key = $"{prefix}:{property.Name}";
            if (typeof(Delegate).IsAssignableFrom(type) || (property.SetMethod is null && !typeof(IEnumerable).IsAssignableFrom(type)))
                continue;

            var element = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;
            foreach (var found in IsOurs(element) ? Keys($"{key}:0", element!) : IsOurs(type) ? Keys(key, type) : [key])
                yield return found;
        }
    }

    private static bool IsOurs(Type? type) => type is { IsClass: true, Namespace: { } name } && name.StartsWith("IotBus.", StringComparison.Ordinal);

    private static HashSet<string> DocumentedKeys() =>
        FirstCell().Matches(Repository.Text("docs/configuration.md"))
            .SelectMany(cell => BackQuoted().Matches(cell.Value))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    private static Type Internal(Type neighbour, string name) => neighbour.Assembly.GetType(name, throwOnError: true)!;

    [GeneratedRegex(@"(?m)^\| [^|]+\|")]
    private static partial Regex FirstCell();

    [GeneratedRegex("`([A-Za-z_:0-9]+)`")]
    private static partial Regex BackQuoted();

    [GeneratedRegex(@"onfiguration(?:>\(\))?\[""([A-Za-z_:]+)""\](?! =)")]
    private static partial Regex ReadKey();

    [GeneratedRegex(@"(?:BindConfiguration|GetSection)\((""[^""]+""|[A-Za-z.]+|nameof\([A-Za-z.]+\))\)")]
    private static partial Regex BoundSection();
}
