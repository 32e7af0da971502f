using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using IotBus.Api.Tests.Fixtures;

namespace IotBus.Api.Tests.OpenApi;

/// <summary>The document that clients are made from.</summary>
public sealed class DocumentTests
{
    private const string Update = "IOTBUS_UPDATE_OPENAPI";

    [Fact]
    public async Task The_committed_document_is_what_the_service_serves()
    {
        await using var api = await ApiHost.StartAsync();
        var served = (await api.Client.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var path = CommittedPath();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(path, served);

        var committed = await File.ReadAllTextAsync(path);

        Assert.True(committed == served, $"src/Api/openapi.json is not what the service serves. When the change is meant: {Update}=1 dotnet test tests/Api.Tests");
    }

    [Fact]
    public async Task The_document_is_OpenAPI_3_1_and_open_to_all()
    {
        await using var api = await ApiHost.StartAsync();
        api.Client.DefaultRequestHeaders.Remove("apikey");

        var document = JsonNode.Parse(await api.Client.GetStringAsync("/openapi/v1.json"))!;

        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("apikey", document["components"]!["securitySchemes"]!["apikey"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Every_operation_shows_an_example_of_its_request_and_of_each_of_its_answers()
    {
        await using var api = await ApiHost.StartAsync();
        var document = JsonNode.Parse(await api.Client.GetStringAsync("/openapi/v1.json"))!;

        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            var operation = item!["post"]!;
            string[] statuses = path == "/events"
                ? ["200", "400", "401", "413", "415", "429", "503"]
                : ["200", "400", "401", "403", "413", "415", "429", "503"];
            Assert.All(operation["requestBody"]!["content"]!.AsObject(), content => Assert.NotNull(content.Value!["example"]));
            Assert.Equal(statuses, operation["responses"]!.AsObject().Select(answer => answer.Key).Order(StringComparer.Ordinal));
            Assert.All(operation["responses"]!.AsObject(), answer =>
                Assert.All(answer.Value!["content"]!.AsObject(), content => Assert.NotNull(content.Value!["example"])));
        }

        Assert.Equal(5, document["paths"]!.AsObject().Count);
    }

    private static string CommittedPath([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../src/Api/openapi.json"));
}
