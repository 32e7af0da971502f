using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Events;
using IotBus.Processors.Store;
using IotBus.Processors.Tests.Rollouts;
using IotBus.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Processors.Tests.Decommissioning;

/// <summary>Taking a device out of service, as it is specified.</summary>
public sealed class DecommissionTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task Its_credentials_are_revoked_and_its_last_known_state_is_removed()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        await store.ApplyAsync(new PartitionLog().Append(Tests.Events.Boot("a"), Tests.Events.Telemetry("a"), Tests.Events.Boot("b")));

        var begun = await DecommissionAsync(plant, "a");
        var ended = await UntilDoneAsync(plant, begun.OperationId);

        Assert.Equal("running", begun.State);
        Assert.Equal(["revoke_credentials", "rollouts", "obstacle", "device_state", "history"], ended.Steps.Select(step => step.Name));
        Assert.All(ended.Steps, step => Assert.Equal(("done", 1, null), (step.State, step.Attempts, step.LastError)));
        Assert.Equal("a", Assert.Single(await store.AllAsync(Collections.RevokedConsumers)).GetString("_id"));
        Assert.Equal("b", Assert.Single(await store.AllAsync(Collections.Devices)).GetDocument("_id").GetString("d"));
        Assert.Equal(3, (await store.SeriesAsync()).Count);
    }

    [Fact]
    public async Task Its_history_is_deleted_if_that_was_chosen()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        await store.ApplyAsync(new PartitionLog().Append(Tests.Events.Telemetry("a"), Tests.Events.Telemetry("b")));

        var begun = await DecommissionAsync(plant, "a", DeviceHistories.Purge);
        await UntilDoneAsync(plant, begun.OperationId);

        Assert.Single(await store.SeriesAsync());
        Assert.Equal((0, 1, 2), (await store.CountAsync("telemetry", "a"), await store.CountAsync("telemetry", "b"), await store.CountAsync("telemetry")));
    }

    [Fact]
    public async Task A_step_that_fails_is_tried_again_until_it_succeeds_and_says_meanwhile_why()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        await store.ApplyAsync(new PartitionLog().Append(Tests.Events.Boot("a")));
        var obstacle = await plant.InScopeAsync(services => Task.FromResult(services.GetRequiredService<Obstacle>()));
        obstacle.IsThere = true;

        var begun = await DecommissionAsync(plant, "a");
        var stuck = await Eventually.ValueAsync(() => FindAsync(plant, begun.OperationId), view => view.Steps.Any(step => step.Attempts >= 3));
        obstacle.IsThere = false;
        var ended = await UntilDoneAsync(plant, begun.OperationId);

        var step = stuck.Steps.Single(step => step.Name == "obstacle");
        Assert.Equal(("running", "The obstacle is there."), (step.State, step.LastError));
        Assert.Equal("waiting", stuck.Steps[^1].State);
        Assert.True(ended.Steps.Single(step => step.Name == "obstacle").Attempts >= 4);
        Assert.Empty(await store.AllAsync(Collections.Devices));
    }

    [Fact]
    public async Task It_goes_on_after_a_restart()
    {
        var store = await fixture.CreateAsync();
        await store.ApplyAsync(new PartitionLog().Append(Tests.Events.Boot("a")));
        Guid operation;
        await using (var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database))
        {
            (await plant.InScopeAsync(services => Task.FromResult(services.GetRequiredService<Obstacle>()))).IsThere = true;
            operation = (await DecommissionAsync(plant, "a")).OperationId;
            await Eventually.ValueAsync(() => FindAsync(plant, operation), view => view.Steps.Any(step => step.LastError is not null));
        }

        await using var next = await RolloutPlant.StartAsync(fixture.Client, store.Database);

        await UntilDoneAsync(next, operation);
        Assert.Empty(await store.AllAsync(Collections.Devices));
    }

    [Fact]
    public async Task Two_calls_are_one_operation()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        await store.ApplyAsync(new PartitionLog().Append(Tests.Events.Boot("a")));

        var calls = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DecommissionAsync(plant, "a")));

        Assert.Single(calls.Select(call => call.OperationId).Distinct());
        await UntilDoneAsync(plant, calls[0].OperationId);
        Assert.Single(await store.AllAsync("sagas.decommission"));
    }

    [Fact]
    public async Task The_rollout_it_is_in_no_longer_waits_for_it()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        var rollout = await plant.BeginAsync(["a", "b"], waveSize: 1);
        await plant.UntilAsync(rollout, view => view.Wave == 1);

        await DecommissionAsync(plant, "a");

        var view = await plant.UntilAsync(rollout, view => view.Wave == 2);
        Assert.Equal(("cancelled", "decommissioned"), (view.Devices[0].State, view.Devices[0].Reason));
        Assert.Equal(0, view.Counts.Failed);
    }

    [Fact]
    public async Task A_rollout_does_not_take_it()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        await DecommissionAsync(plant, "a");

        var refused = await plant.RequestAsync(Guid.NewGuid(), RolloutPlant.Request(["a", "b"]));

        Assert.Equal((400, "device_ids"), (refused.Status, refused.Field));
        Assert.Empty(await store.AllAsync(Collections.RolloutDevices));
    }

    [Fact]
    public async Task Its_late_events_are_put_aside_and_its_neighbours_are_applied()
    {
        var store = await fixture.CreateAsync();
        await using var plant = await RolloutPlant.StartAsync(fixture.Client, store.Database);
        var log = new PartitionLog().Append(Tests.Events.Telemetry("a"));
        await store.ApplyAsync(log);
        await UntilDoneAsync(plant, (await DecommissionAsync(plant, "a")).OperationId);
        await store.Decommissioned.RefreshAsync(TimeSpan.Zero, CancellationToken.None);

        log.Append(Tests.Events.Telemetry("a"), Tests.Events.Telemetry("b"));
        await store.ApplyAsync(log);

        var letter = Assert.Single(log.DeadLetters);
        Assert.Equal(("a", SensorEventStore.DecommissionedReason), (letter.Event.DeviceId, letter.Reason));
        Assert.Equal("b", Assert.Single(await store.AllAsync(Collections.Devices)).GetDocument("_id").GetString("d"));
    }

    private static Task<OperationView> DecommissionAsync(RolloutPlant plant, string device, string history = DeviceHistories.Keep) =>
        plant.InScopeAsync(services => services.GetRequiredService<Operations>().DecommissionAsync(device, history, CancellationToken.None));

    private static Task<OperationView> FindAsync(RolloutPlant plant, Guid id) =>
        plant.InScopeAsync(async services => (await services.GetRequiredService<Operations>().FindAsync(id, CancellationToken.None))!);

    private static Task<OperationView> UntilDoneAsync(RolloutPlant plant, Guid id) =>
        Eventually.ValueAsync(() => FindAsync(plant, id), view => view.State == "done");
}
