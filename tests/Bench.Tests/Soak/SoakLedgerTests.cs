using IotBus.Bench.Soak;

namespace IotBus.Bench.Tests.Soak;

public sealed class SoakLedgerTests
{
    private readonly SoakLedger _ledger = new(["batches", "messages"], partitions: 2);

    [Fact]
    public void Each_group_must_see_all_of_each_partition()
    {
        Acknowledged(partition: 0, next: 10);
        Acknowledged(partition: 1, next: 20);
        Seen(group: 0, partition: 0, count: 10);
        Seen(group: 0, partition: 1, count: 20);
        Seen(group: 1, partition: 0, count: 10);
        Seen(group: 1, partition: 1, count: 15);

        Assert.Equal(30, _ledger.Produced);
        Assert.Equal(25, _ledger.SeenByAll);
        Assert.Equal(new GroupTotals("batches", Lost: 0, Duplicates: 0, DuplicatesOfCommitted: 0), _ledger.TotalsOf(0));
        Assert.Equal(new GroupTotals("messages", Lost: 5, Duplicates: 0, DuplicatesOfCommitted: 0), _ledger.TotalsOf(1));
    }

    [Fact]
    public void What_one_group_committed_tells_nothing_of_the_other()
    {
        Seen(group: 0, partition: 1, count: 20);
        Seen(group: 1, partition: 1, count: 20);
        _ledger.Committed(group: 0, next: [0, 20]);

        Seen(group: 0, partition: 1, count: 20);
        Seen(group: 1, partition: 1, count: 20);

        Assert.Equal((20, 20), Duplicates(group: 0));
        Assert.Equal((20, 0), Duplicates(group: 1));
    }

    [Fact]
    public void A_message_may_be_seen_before_its_acknowledgement_is_known()
    {
        Seen(group: 0, partition: 0, count: 10);
        Acknowledged(partition: 0, next: 5);

        Assert.Equal(0, _ledger.TotalsOf(0).Lost);
    }

    private void Acknowledged(int partition, long next) => _ledger.Acknowledged(new SoakReport(ReportKind.Acknowledged, partition, 0, next));

    private void Seen(int group, int partition, int count) => _ledger.Seen(group, new SoakReport(ReportKind.Seen, partition, count, 0));

    private (long All, long OfCommitted) Duplicates(int group) => (_ledger.TotalsOf(group).Duplicates, _ledger.TotalsOf(group).DuplicatesOfCommitted);
}
