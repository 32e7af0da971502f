using IotBus.Bench.Soak;

namespace IotBus.Bench.Tests.Soak;

public sealed class SequenceTrackerTests
{
    private readonly SequenceTracker _tracker = new();

    [Fact]
    public void Numbers_that_were_all_seen_are_neither_lost_nor_duplicates()
    {
        _tracker.Seen(first: 0, count: 100_000);
        _tracker.Seen(first: 100_000, count: 1);

        Assert.Equal(100_001, _tracker.Distinct);
        Assert.Equal(0, _tracker.LostOf(100_001));
        Assert.Equal(0, _tracker.Duplicates);
    }

    [Fact]
    public void A_gap_is_lost_whatever_came_behind_it()
    {
        _tracker.Seen(first: 0, count: 63);
        _tracker.Seen(first: 66, count: 1_000);

        Assert.Equal(3, _tracker.LostOf(1_066));
    }

    [Fact]
    public void What_was_produced_last_and_never_seen_is_lost()
    {
        _tracker.Seen(first: 0, count: 10);

        Assert.Equal(1_000_000, _tracker.LostOf(1_000_010));
    }

    [Fact]
    public void A_gap_that_is_filled_later_is_not_lost()
    {
        _tracker.Seen(first: 10, count: 10);
        _tracker.Seen(first: 0, count: 10);

        Assert.Equal(0, _tracker.LostOf(20));
        Assert.Equal(0, _tracker.Duplicates);
    }

    [Fact]
    public void What_is_seen_again_counts_as_often_as_it_is()
    {
        _tracker.Seen(first: 0, count: 100);
        _tracker.Seen(first: 90, count: 20);
        _tracker.Seen(first: 95, count: 5);

        Assert.Equal(110, _tracker.Distinct);
        Assert.Equal(15, _tracker.Duplicates);
        Assert.Equal(0, _tracker.LostOf(110));
    }

    [Fact]
    public void Only_duplicates_below_the_committed_offset_are_of_committed_messages()
    {
        _tracker.Seen(first: 0, count: 100);
        _tracker.Committed(next: 60);

        _tracker.Seen(first: 58, count: 10);

        Assert.Equal(10, _tracker.Duplicates);
        Assert.Equal(2, _tracker.DuplicatesOfCommitted);
    }

    [Fact]
    public void The_first_sight_of_a_committed_number_is_no_duplicate()
    {
        _tracker.Committed(next: 100);

        _tracker.Seen(first: 0, count: 100);

        Assert.Equal(0, _tracker.DuplicatesOfCommitted);
    }
}
