using System.Reflection;
using System.Text.Json.Nodes;

namespace IotBus.Reporting.Tests.Service;

public sealed class OpenApiTests
{
    private const string Rewrite = "IOTBUS_WRITE_OPENAPI";

    private static readonly string CommittedPath = Path.Combine(
        typeof(OpenApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "src", "Reporting", "openapi.json");

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        await using var host = await ReportingHost.StartAsync("mongodb://127.0.0.1:1");

        var served = (await host.GetTextAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd() + "\n";

        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(CommittedPath, served);

        var committed = await File.ReadAllTextAsync(CommittedPath);
        Assert.True(
            committed == served,
            $"src/Reporting/openapi.json is not what the service says of itself. If the change is meant, run this test with {Rewrite}=1 and commit the file.");
    }

    [Fact]
    public async Task The_document_is_OpenAPI_3_1_with_an_example_of_every_answer_and_parameter()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(CommittedPath))!;

        Assert.StartsWith("3.1.", document["openapi"]!.GetValue<string>());
        Assert.Equal(8, document["paths"]!.AsObject().Count);
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            var (method, operation) = Assert.Single(methods!.AsObject());
            Assert.Equal("get", method);
            Assert.True(operation!["responses"]!["200"]!["content"]!["application/json"]!["example"] is not null, path);
            foreach (var parameter in operation["parameters"]!.AsArray())
                Assert.True(parameter!["example"] is not null && parameter["description"] is not null, $"{path} {parameter["name"]}");
        }
    }
}
