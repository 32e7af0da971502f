using System.Net;
using IotBus.Testing;

namespace IotBus.Reporting.Tests.Service;

public sealed class StoreErrorTests(StoreFixture store) : IClassFixture<StoreFixture>
{
    private const int Unauthorized = 13;
    private const int MaxTimeExpired = 50;
    private const int HostUnreachable = 6;

    [FailPointTheory]
    [InlineData("aggregate", "/metrics/boots", MaxTimeExpired, HttpStatusCode.ServiceUnavailable)]
    [InlineData("find", "/devices", MaxTimeExpired, HttpStatusCode.ServiceUnavailable)]
    [InlineData("aggregate", "/series/sensor-1", HostUnreachable, HttpStatusCode.ServiceUnavailable)]
    [InlineData("aggregate", "/metrics/boots", Unauthorized, HttpStatusCode.InternalServerError)]
    public async Task An_error_that_may_pass_is_503_and_any_other_500(string command, string path, int code, HttpStatusCode expected)
    {
        await using var host = await store.StartAsync();
        // A read is sent once more after an error that may pass.
        await store.FailAsync(command, code, times: code == HostUnreachable ? 2 : 1);

        using var failed = await host.Client.GetAsync(path);
        using var next = await host.Client.GetAsync(path);

        Assert.Equal(expected, failed.StatusCode);
        Assert.Equal(expected == HttpStatusCode.ServiceUnavailable, failed.Headers.RetryAfter is not null);
        Assert.Equal("application/problem+json", failed.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("Exception", await failed.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [FailPointTheory]
    [InlineData("aggregate", "/metrics/boots")]
    [InlineData("find", "/devices")]
    public async Task An_error_that_has_passed_at_the_second_attempt_is_not_seen(string command, string path)
    {
        await using var host = await store.StartAsync();
        await store.FailAsync(command, HostUnreachable, times: 1);

        using var answer = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
