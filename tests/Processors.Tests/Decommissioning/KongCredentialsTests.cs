using System.Net;
using IotBus.Processors.Decommissioning;
using Microsoft.Extensions.Configuration;

namespace IotBus.Processors.Tests.Decommissioning;

/// <summary>Revoking through Kong's Admin API.</summary>
public sealed class KongCredentialsTests
{
    [Theory]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task The_consumer_is_deleted_whether_it_was_there_or_not(HttpStatusCode status)
    {
        var kong = new Kong(status);

        await Credentials(kong).RunAsync("hall:7", CancellationToken.None);

        Assert.Equal("DELETE http://kong-admin:8001/consumers/hall%3A7", Assert.Single(kong.Requests));
    }

    [Theory]
    [InlineData(HttpStatusCode.MethodNotAllowed, "delete the KongConsumer")]
    [InlineData(HttpStatusCode.InternalServerError, "Kong's log")]
    public async Task A_refusal_says_what_to_do(HttpStatusCode status, string expected)
    {
        var failure = await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(new Kong(status)).RunAsync("d-1", CancellationToken.None));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Kong_that_does_not_answer_is_said()
    {
        var failure = await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(new Kong(null)).RunAsync("d-1", CancellationToken.None));

        Assert.Contains("does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_address_the_setting_is_named()
    {
        var failure = await Assert.ThrowsAsync<PivotFailedException>(() => Credentials(new Kong(HttpStatusCode.OK), admin: null).RunAsync("d-1", CancellationToken.None));

        Assert.Contains(KongCredentials.AdminUrl, failure.Message, StringComparison.Ordinal);
    }

    private static KongCredentials Credentials(Kong kong, string? admin = "http://kong-admin:8001") => new(
        new HttpClient(kong),
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [KongCredentials.AdminUrl] = admin }).Build());

    private sealed class Kong(HttpStatusCode? status) : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri!.AbsoluteUri}");
            return status is { } answered
                ? Task.FromResult(new HttpResponseMessage(answered))
                : Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused"));
        }
    }
}
