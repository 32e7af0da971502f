using System.Net;
using System.Net.Http.Headers;
using IotBus.Api.Tests.Fixtures;

namespace IotBus.Api.Tests.Rules;

/// <summary>Whatever comes in over HTTP, the answer is one of the documented ones.</summary>
public sealed class HttpFuzzTests
{
    [Fact]
    public async Task Hundreds_of_mutated_bodies_get_documented_answers_only()
    {
        await using var api = await ApiHost.StartOnKestrelAsync();
        var random = new RandomJson(seed: 7);

        for (var i = 0; i < 500; i++)
        {
            var type = random.Type();
            var body = random.Bytes(type);

            using var response = await PostAsync(api, $"/event/{type}", body, "application/json");

            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{response.StatusCode}: {Convert.ToHexString(body)}");
            Assert.True((await ApiHost.BodyAsync(response)).ContainsKey(response.IsSuccessStatusCode ? "status" : "error"));
        }

        Assert.Empty(api.Errors.Entries);
    }

    [Fact]
    public async Task Batches_of_mutated_lines_get_documented_answers_only()
    {
        await using var api = await ApiHost.StartOnKestrelAsync();
        var random = new RandomJson(seed: 8);

        for (var i = 0; i < 100; i++)
        {
            var body = Enumerable.Range(0, 50).SelectMany(_ => random.Bytes(random.Type()).Append((byte)'\n')).ToArray();

            using var response = await PostAsync(api, "/events", body, "application/x-ndjson");

            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, response.StatusCode.ToString());
            var answer = await ApiHost.BodyAsync(response);
            Assert.Equal(answer["rejected"]!.GetValue<int>(), answer["errors"]!.AsArray().Count);
        }

        Assert.Empty(api.Errors.Entries);
    }

    private static async Task<HttpResponseMessage> PostAsync(ApiHost api, string path, byte[] body, string type)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await api.Client.PostAsync(path, content);
    }
}
