using System.Net;
using IotBus.Processors.Decommissioning;
using Microsoft.Extensions.Configuration;

namespace IotBus.Processors.Tests.Decommissioning;

/// <summary>Revoking through the KongConsumer objects of a Kong without a database.</summary>
public sealed class KubernetesCredentialsTests
{
    private const string Consumers = "/apis/configuration.konghq.com/v1/namespaces/kafka/kongconsumers";

    private const string FirstPage = """
        {"metadata":{"continue":"page 2"},"items":[{"metadata":{"name":"consumer-hall-8"},"username":"hall:8"},{"metadata":{"name":"without-a-name"}}]}
        """;

    private const string SecondPage = """{"metadata":{"continue":""},"items":[{"metadata":{"name":"consumer-hall-7"},"username":"hall:7"}]}""";

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task The_object_of_the_device_is_deleted_and_no_other(HttpStatusCode status)
    {
        var api = new Api(request => request.Method == HttpMethod.Delete
            ? Answer(status)
            : Answer(HttpStatusCode.OK, request.RequestUri!.Query.Contains("page%202", StringComparison.Ordinal) ? SecondPage : FirstPage));

        await Credentials(api).RunAsync("hall:7", CancellationToken.None);

        Assert.Equal(
            [$"GET {Consumers}?limit=500&continue=", $"GET {Consumers}?limit=500&continue=page%202", $"DELETE {Consumers}/consumer-hall-7"], api.Requests);
    }

    [Fact]
    public async Task A_device_without_an_object_has_nothing_to_revoke()
    {
        var api = new Api(_ => Answer(HttpStatusCode.OK, SecondPage));

        await Credentials(api).RunAsync("hall:9", CancellationToken.None);

        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "needs a Role to list and delete kongconsumers")]
    [InlineData(HttpStatusCode.NotFound, "The kind KongConsumer is not there")]
    [InlineData(HttpStatusCode.InternalServerError, "answered 500. Try again.")]
    public async Task A_refusal_says_what_to_do(HttpStatusCode status, string expected)
    {
        var failure = await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(new Api(_ => Answer(status))).RunAsync("d-1", CancellationToken.None));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_that_is_refused_is_a_failure()
    {
        var api = new Api(request => request.Method == HttpMethod.Delete ? Answer(HttpStatusCode.Forbidden) : Answer(HttpStatusCode.OK, SecondPage));

        await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(api).RunAsync("hall:7", CancellationToken.None));
    }

    [Fact]
    public async Task An_API_that_does_not_answer_is_said()
    {
        var api = new Api(_ => throw new HttpRequestException("Connection refused"));

        var failure = await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(api).RunAsync("d-1", CancellationToken.None));

        Assert.Contains("Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"items":null,"metadata":{}}""")]
    [InlineData("""{"items":[{"username":"d-1"}],"metadata":{}}""")]
    [InlineData("""{"items":[{"username":"d-1","metadata":{"name":1}}],"metadata":{}}""")]
    [InlineData("""{"items":[null],"metadata":{}}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":[],"metadata":{"continue":1}}""")]
    public async Task An_answer_that_is_not_understood_is_a_failure_that_can_be_tried_again(string body)
    {
        var api = new Api(_ => Answer(HttpStatusCode.OK, body));

        var failure = await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(api).RunAsync("d-1", CancellationToken.None));

        Assert.Contains("Kubernetes' API does not answer as it should", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_mounted_is_a_failure_that_can_be_tried_again()
    {
        var api = new Api(_ => throw new FileNotFoundException("Could not find the file token."));

        await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(api).RunAsync("d-1", CancellationToken.None));
    }

    private static KubernetesCredentials Credentials(Api api) => new(
        new HttpClient(api) { BaseAddress = new Uri("https://kubernetes.default.svc") },
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [KubernetesCredentials.Namespace] = "kafka" }).Build());

    private static HttpResponseMessage Answer(HttpStatusCode status, string body = "{}") => new(status) { Content = new StringContent(body) };

    private sealed class Api(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            return Task.FromResult(answer(request));
        }
    }
}
