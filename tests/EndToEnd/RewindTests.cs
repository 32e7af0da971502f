using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.EndToEnd;

public sealed class RewindTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_group_whose_offsets_are_set_back_to_the_start_reads_all_again_and_changes_nothing()
    {
        await using var plant = await Plant.StartAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        var fleet = new Fleet(plant.Http, devices: 40, seed: 3);
        plant.StartProcessors();
        await fleet.SendAsync(3_000, deadline.Token);
        await plant.AssertExactlyOnceAsync(fleet, Deadline);
        using var group = plant.GroupClient();
        await Eventually.TrueAsync(() => plant.IsReadToTheEnd(group), Deadline, () => plant.ProcessorsOutput);
        await plant.KillProcessorsAsync();

        await plant.SetBackAsync(group, Deadline);
        plant.StartProcessors();

        await Eventually.TrueAsync(() => plant.IsReadToTheEnd(group), Deadline, () => plant.ProcessorsOutput);
        await plant.AssertExactlyOnceAsync(fleet, Deadline);
    }
}
