using System.Reflection;
using System.Text.Json.Nodes;

namespace IotBus.Processors.Tests.Commands;

/// <summary>What the service says of its own endpoints.</summary>
public sealed class OpenApiTests(CommandHost host) : IClassFixture<CommandHost>
{
    private const string Rewrite = "IOTBUS_WRITE_OPENAPI";

    private static readonly string CommittedPath = Path.Combine(
        typeof(OpenApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "src", "Processors", "openapi.json");

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        var served = (await host.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).ReplaceLineEndings("\n").TrimEnd() + "\n";

        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(CommittedPath, served);

        Assert.True(
            await File.ReadAllTextAsync(CommittedPath) == served,
            $"src/Processors/openapi.json is not what the service says of itself. If the change is meant, run this test with {Rewrite}=1 and commit the file.");
    }

    [Fact]
    public async Task Every_command_has_a_name_a_summary_an_example_of_its_answer_and_refusals_as_problems()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(CommittedPath))!;

        Assert.StartsWith("3.1.", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(method => method.Value!).ToList();
        Assert.Equal(7, operations.Count);
        foreach (var operation in operations)
        {
            var name = operation["operationId"]!.GetValue<string>();
            Assert.True(operation["summary"] is not null, name);
            foreach (var (status, answer) in operation["responses"]!.AsObject())
            {
                Assert.True(answer!["description"]!.GetValue<string>().Contains(' ', StringComparison.Ordinal), $"{name} {status}");
                if (answer["content"] is { } content && status[0] == '2')
                    Assert.True(content["application/json"]!["example"] is not null, $"{name} {status}");
                else if (status is "400" or "404" or "409" or "413" or "415" or "503")
                    Assert.True(answer["content"]!["application/problem+json"] is not null, $"{name} {status}");
            }
        }
    }
}
