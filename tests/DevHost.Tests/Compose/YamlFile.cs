using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace IotBus.DevHost.Tests.Compose;

/// <summary>A YAML file of the checkout, with its merge keys (<c>&lt;&lt;</c>) applied.</summary>
internal static class YamlFile
{
    public static YamlMappingNode Read(string relative)
    {
        var merged = new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(new StringReader(Repository.Text(relative)))));
        var stream = new YamlStream();
        stream.Load(new StringReader(new SerializerBuilder().DisableAliases().Build().Serialize(merged)));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    public static YamlMappingNode Map(this YamlNode node, string key) => (YamlMappingNode)node[key];

    public static string Text(this YamlNode node, string key) => ((YamlScalarNode)node[key]).Value ?? "";

    public static bool Has(this YamlNode node, string key) => ((YamlMappingNode)node).Children.ContainsKey(key);

    public static IEnumerable<string> Keys(this YamlMappingNode node) => node.Children.Keys.Select(key => ((YamlScalarNode)key).Value!);

    public static IEnumerable<string> Texts(this YamlNode node) =>
        node is YamlSequenceNode list ? list.Select(item => ((YamlScalarNode)item).Value ?? "") : [((YamlScalarNode)node).Value ?? ""];
}
