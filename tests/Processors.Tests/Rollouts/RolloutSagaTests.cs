using IotBus.Messages;
using IotBus.Processors.Rollouts;
using IotBus.Testing;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Processors.Tests.Rollouts;

/// <summary>A rollout, as it is specified.</summary>
public sealed class RolloutSagaTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task The_devices_of_the_first_wave_are_asked_to_update_and_no_others()
    {
        await using var plant = await StartAsync();

        var id = await plant.BeginAsync(["a", "b", "c"], waveSize: 2);

        var view = await plant.UntilAsync(id, view => view.State == "running");
        Assert.Equal(["a", "b"], plant.Sent.Commands.Select(command => command.DeviceId).Order());
        Assert.All(plant.Sent.Commands, command => Assert.Equal(("v2", id), (command.Version, command.RolloutId)));
        Assert.Equal(new DeviceCounts(3, 1, 2, 0, 0, 0, 0), view.Counts);
        Assert.Equal([("running", 2), ("waiting", 1)], view.Waves.Select(wave => (wave.State, wave.Counts.Devices)));
    }

    [Fact]
    public async Task The_next_wave_starts_when_the_last_is_confirmed()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b", "c"], waveSize: 2);
        await plant.UntilAsync(id, view => view.Wave == 1);

        await plant.HappenAsync(Tests.Events.Update("a", "v2", plant.Time.GetUtcNow()));
        await plant.BootAsync("v2", "a");
        var half = await plant.ViewAsync(id);
        await plant.BootAsync("v2", "b");

        Assert.Equal(1, half.Wave);
        var second = await plant.UntilAsync(id, view => view.Wave == 2);
        Assert.Equal("c", plant.Sent.Commands.Last().DeviceId);
        Assert.NotNull(second.Devices[0].StartedAt);
        await plant.BootAsync("v2", "c");
        var end = await plant.UntilAsync(id, view => view.State == "completed");
        Assert.Equal(3, end.Counts.Confirmed);
        Assert.NotNull(end.EndedAt);
        await AssertNothingScheduledAsync(plant);
    }

    [Fact]
    public async Task Who_does_not_boot_in_time_has_failed_and_the_next_wave_starts()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b", "c"], waveSize: 2, confirmTimeout: 600);
        await plant.UntilAsync(id, view => view.Wave == 1);
        await plant.BootAsync("v2", "a");

        plant.Time.Advance(TimeSpan.FromSeconds(601));

        var view = await plant.UntilAsync(id, view => view.Wave == 2);
        Assert.Equal(
            [("a", "confirmed", null), ("b", "failed", "timed_out"), ("c", "requested", null)],
            view.Devices.Select(device => (device.DeviceId, device.State, device.Reason)));
    }

    [Fact]
    public async Task A_late_boot_does_not_undo_a_failure()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b"], waveSize: 1, confirmTimeout: 600);
        await plant.UntilAsync(id, view => view.Wave == 1);
        plant.Time.Advance(TimeSpan.FromSeconds(601));
        await plant.UntilAsync(id, view => view.Wave == 2);

        await plant.BootAsync("v2", "a", "b");

        var end = await plant.UntilAsync(id, view => view.State == "completed");
        Assert.Equal(["failed", "confirmed"], end.Devices.Select(device => device.State));
    }

    [Fact]
    public async Task Devices_that_run_the_version_already_count_as_confirmed_and_are_not_asked()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        await store.ApplyAsync(new PartitionLog().Append(Tests.Events.Boot("a", "v2"), Tests.Events.Boot("b", "v2"), Tests.Events.Boot("c", "v1")));

        var id = await plant.BeginAsync(["a", "b", "c"], waveSize: 2);

        var view = await plant.UntilAsync(id, view => view.Wave == 2);
        Assert.Equal("c", Assert.Single(plant.Sent.Commands).DeviceId);
        Assert.Equal(["already_runs", "already_runs", null], view.Devices.Select(device => device.Reason));
    }

    [Fact]
    public async Task It_stops_itself_at_so_many_failures_and_raises_an_alert_once()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b", "c", "d", "e"], waveSize: 3, maxFailures: 2, confirmTimeout: 600);
        await plant.UntilAsync(id, view => view.Wave == 1);

        await plant.BootAsync("v1", "a");
        await plant.HappenAsync(Tests.Events.Alert("b", Severities.Critical, plant.Time.GetUtcNow()));

        var view = await plant.UntilAsync(id, view => view.State == "stopped");
        Assert.Equal(new DeviceCounts(5, 0, 1, 0, 0, 2, 2), view.Counts);
        var alert = Assert.Single(plant.Sent.Alerts);
        Assert.Equal((RaiseStopAlert.DeviceOf(id), RaiseStopAlert.ErrorCode, Severities.Critical), (alert.DeviceId, alert.ErrorCode, alert.Severity));
        Assert.Null(EventRules.Violation(alert, DateTimeOffset.UtcNow));
        Assert.Equal(3, plant.Sent.Commands.Count);

        // Who was asked is still waited for, and what becomes of it is told.
        plant.Time.Advance(TimeSpan.FromSeconds(601));
        await plant.UntilAsync(id, view => view.Counts.Failed == 3);
        Assert.Single(plant.Sent.Alerts);
    }

    [Fact]
    public async Task While_it_is_paused_no_wave_starts_and_when_it_is_resumed_the_next_does()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b"], waveSize: 1);
        await plant.UntilAsync(id, view => view.Wave == 1);

        await plant.SendAsync(new RolloutPauseRequested(id));
        await plant.UntilAsync(id, view => view.State == "paused");
        await plant.BootAsync("v2", "a");
        await plant.UntilAsync(id, view => view.Counts.Confirmed == 1);
        await ConsumedAsync<RolloutProgressed>(plant, 1);

        Assert.Equal(("paused", 1), ((await plant.ViewAsync(id)).State, (await plant.ViewAsync(id)).Wave));
        await plant.SendAsync(new RolloutResumeRequested(id));
        await plant.UntilAsync(id, view => view is { State: "running", Wave: 2 });
    }

    [Fact]
    public async Task A_rollout_that_is_paused_still_stops_itself()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b"], waveSize: 1, maxFailures: 1, confirmTimeout: 600);
        await plant.UntilAsync(id, view => view.Wave == 1);
        await plant.SendAsync(new RolloutPauseRequested(id));
        await plant.UntilAsync(id, view => view.State == "paused");

        plant.Time.Advance(TimeSpan.FromSeconds(601));

        await plant.UntilAsync(id, view => view.State == "stopped");
    }

    [Fact]
    public async Task After_an_abort_nobody_is_asked_any_more_and_a_resume_changes_nothing()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b"], waveSize: 1);
        await plant.UntilAsync(id, view => view.Wave == 1);

        await plant.SendAsync(new RolloutAbortRequested(id));
        var aborted = await plant.UntilAsync(id, view => view.State == "aborted");
        await plant.SendAsync(new RolloutResumeRequested(id));
        await plant.BootAsync("v2", "a");
        await ConsumedAsync<RolloutProgressed>(plant, 1);

        Assert.Equal(("cancelled", "rollout_ended"), (aborted.Devices[1].State, aborted.Devices[1].Reason));
        var view = await plant.ViewAsync(id);
        Assert.Equal(("aborted", 1), (view.State, view.Counts.Confirmed));
        Assert.Single(plant.Sent.Commands);
    }

    [Fact]
    public async Task Events_that_come_again_change_nothing()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a", "b", "c"], waveSize: 2);
        await plant.UntilAsync(id, view => view.Wave == 1);
        var boot = Tests.Events.Boot("a", "v2", plant.Time.GetUtcNow());

        await plant.HappenAsync(boot);
        await plant.HappenAsync(boot, boot);
        await plant.SendAsync(new RolloutProgressed(id));
        await plant.SendAsync(new RolloutProgressed(id));
        await ConsumedAsync<RolloutProgressed>(plant, 3);

        var view = await plant.ViewAsync(id);
        Assert.Equal((1, 1, 1), (view.Wave, view.Counts.Confirmed, view.Counts.Requested));
    }

    [Fact]
    public async Task A_device_is_in_one_rollout_at_a_time()
    {
        await using var plant = await StartAsync();
        var first = await plant.BeginAsync(["a", "b"], waveSize: 2);

        var refused = await plant.RequestAsync(Guid.NewGuid(), RolloutPlant.Request(["b", "c"]));

        Assert.Equal(409, refused.Status);
        Assert.Contains($"b ({first})", refused.Problem, StringComparison.Ordinal);
        await plant.UntilAsync(first, view => view.Wave == 1);
        await plant.BootAsync("v2", "b");
        Assert.Equal(RolloutAnswer.Accepted, await plant.RequestAsync(Guid.NewGuid(), RolloutPlant.Request(["b", "c"])));
    }

    [Fact]
    public async Task A_request_that_comes_again_has_one_effect_and_another_one_of_its_name_is_refused()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a"], waveSize: 1);
        var request = RolloutPlant.Request(["a"], waveSize: 1);

        Assert.Equal(RolloutAnswer.Repeated, await plant.RequestAsync(id, request));
        Assert.Equal(409, (await plant.RequestAsync(id, request with { Version = "v3" })).Status);
        await plant.UntilAsync(id, view => view.Wave == 1);
        Assert.Single(plant.Sent.Commands);
    }

    [Fact]
    public async Task A_zone_stands_for_the_devices_that_are_in_it()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        await store.ApplyAsync(new PartitionLog().Append(
            Tests.Events.Boot("a", zone: "hall-1"), Tests.Events.Boot("b", zone: "hall-2"), Tests.Events.Boot("c", zone: "hall-1")));
        var request = RolloutPlant.Request([]) with { DeviceIds = null, Zone = "hall-1" };
        var id = Guid.NewGuid();

        Assert.Equal(RolloutAnswer.Accepted, await plant.RequestAsync(id, request));
        Assert.Equal(400, (await plant.RequestAsync(Guid.NewGuid(), request with { Zone = "hall-9" })).Status);

        Assert.Equal(["a", "c"], (await plant.ViewAsync(id)).Devices.Select(device => device.DeviceId));
    }

    [Fact]
    public async Task The_harness_tells_of_each_message_and_the_saga_of_each_state()
    {
        await using var plant = await StartAsync();
        var id = await plant.BeginAsync(["a"], waveSize: 1);
        var sagas = plant.Harness.GetSagaStateMachineHarness<RolloutMachine, Rollout>();

        await Eventually.TrueAsync(() => sagas.Consumed.Select<RolloutRequested>(message => message.Context.Message.RolloutId == id).Any());
        await plant.UntilAsync(id, view => view.Wave == 1);
        await plant.BootAsync("v2", "a");
        await Eventually.TrueAsync(() => sagas.Consumed.Select<RolloutProgressed>().Any());
        await plant.UntilAsync(id, view => view.State == "completed");
    }

    private static Task ConsumedAsync<T>(RolloutPlant plant, int count)
        where T : class =>
        Eventually.TrueAsync(() => plant.Harness.Consumed.Select<T>().Count() >= count);

    private static Task AssertNothingScheduledAsync(RolloutPlant plant) => Eventually.TrueAsync(
        async () => await plant.Database.GetCollection("outbox").CountAsync(IotBus.MongoDb.BsonDocument.Empty) == 0);

    private async Task<RolloutPlant> StartAsync() => await RolloutPlant.StartAsync(fixture.Client, (await fixture.CreateAsync()).Database);
}
