using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IotBus.ServiceDefaults.Health;
using IotBus.ServiceDefaults.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace IotBus.ServiceDefaults.Tests.Health;

/// <summary>What an orchestrator asks.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_service_is_alive_whatever_its_dependencies_say()
    {
        await using var service = await ServiceHost.StartAsync(Check("store", () => HealthCheckResult.Unhealthy("It is away.")));

        using var live = await service.GetManagementAsync("/health/live");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task A_service_is_ready_when_every_check_passes()
    {
        await using var service = await ServiceHost.StartAsync(Check("store", () => HealthCheckResult.Healthy()));

        var (status, body) = await ReadyAsync(service);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ready", body["status"]!.GetValue<string>());
        Assert.Equal(["lifetime", "store"], Names(body));
        Assert.All(body["checks"]!.AsArray(), check => Assert.True(check!["duration_ms"]!.GetValue<double>() >= 0));
    }

    [Fact]
    public async Task A_service_whose_check_fails_is_not_ready_and_says_why()
    {
        await using var service = await ServiceHost.StartAsync(builder =>
        {
            Check("store", () => HealthCheckResult.Unhealthy("It is away."))(builder);
            Check("broker", () => throw new InvalidOperationException("No route."))(builder);
            Check("fine", () => HealthCheckResult.Healthy())(builder);
        });

        var (status, body) = await ReadyAsync(service);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("not_ready", body["status"]!.GetValue<string>());
        Assert.Equal(("unhealthy", "It is away."), Of(body, "store"));
        Assert.Equal(("unhealthy", "No route."), Of(body, "broker"));
        Assert.Equal(("healthy", null), Of(body, "fine"));
    }

    [Fact]
    public async Task A_degraded_service_still_takes_work()
    {
        await using var service = await ServiceHost.StartAsync(Check("store", () => HealthCheckResult.Degraded("It is slow.")));

        var (status, body) = await ReadyAsync(service);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("degraded", "It is slow."), Of(body, "store"));
    }

    [Fact]
    public async Task Checks_without_the_tag_ready_are_not_asked()
    {
        await using var service = await ServiceHost.StartAsync(builder =>
            builder.Services.AddHealthChecks().AddCheck("other", () => HealthCheckResult.Unhealthy()));

        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(service)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_check_that_does_not_answer_is_unhealthy_after_its_bound_and_hides_no_other(bool blocking)
    {
        using var never = new ManualResetEventSlim();
        var check = new Hanging(blocking ? never : null);
        await using var service = await ServiceHost.StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                "hanging", check, HealthStatus.Unhealthy, [ServiceDefaultsExtensions.ReadyTag], TimeSpan.FromMilliseconds(50)));
            Check("fine", () => HealthCheckResult.Healthy())(builder);
        });

        var (status, body) = await ReadyAsync(service);
        never.Set();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(("unhealthy", "No answer within 0.05 s."), Of(body, "hanging"));
        Assert.Equal(("healthy", null), Of(body, "fine"));
    }

    [Fact]
    public async Task A_check_that_ends_as_its_asker_gives_up_is_no_error()
    {
        using var asker = new CancellationTokenSource();
        await using var service = await ServiceHost.StartAsync(Check("store", () =>
        {
            asker.Cancel();
            throw new TimeoutException();
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => service.App.Services.GetRequiredService<Readiness>().CheckAsync(asker.Token));
    }

    [Fact]
    public async Task A_service_that_stops_is_not_ready_while_it_finishes_its_work()
    {
        var status = HttpStatusCode.OK;
        JsonObject? body = null;
        ServiceHost? host = null;
        await using var service = await ServiceHost.StartAsync();
        host = service;
        service.App.Lifetime.ApplicationStopping.Register(() =>
            (status, body) = ReadyAsync(host).GetAwaiter().GetResult());

        await service.App.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(("unhealthy", "The service is stopping."), Of(body!, "lifetime"));
    }

    private static Action<WebApplicationBuilder> Check(string name, Func<HealthCheckResult> check) =>
        builder => builder.Services.AddHealthChecks().AddCheck(name, check, [ServiceDefaultsExtensions.ReadyTag]);

    private static async Task<(HttpStatusCode Status, JsonObject Body)> ReadyAsync(ServiceHost service)
    {
        using var response = await service.GetManagementAsync("/health/ready");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    private static IEnumerable<string> Names(JsonObject body) => body["checks"]!.AsArray().Select(check => check!["name"]!.GetValue<string>());

    private static (string Status, string? Reason) Of(JsonObject body, string name)
    {
        var check = body["checks"]!.AsArray().Single(check => check!["name"]!.GetValue<string>() == name)!;
        return (check["status"]!.GetValue<string>(), check["reason"]?.GetValue<string>());
    }

    /// <summary>Heeds no token: waits for ever, holding its thread when it is given something to wait on.</summary>
    private sealed class Hanging(ManualResetEventSlim? blockOn) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            blockOn?.Wait(CancellationToken.None);
            return new TaskCompletionSource<HealthCheckResult>().Task;
        }
    }
}
