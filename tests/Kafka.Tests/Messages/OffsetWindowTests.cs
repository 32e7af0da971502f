namespace IotBus.Kafka.Tests;

public sealed class OffsetWindowTests
{
    [Fact]
    public void It_moves_only_over_offsets_that_are_done_without_a_gap()
    {
        var window = new OffsetWindow();
        var places = new[] { 10L, 12, 17 }.Select(window.Add).ToArray();

        Assert.Equal(0, window.Complete(places[1], out _));
        Assert.Equal(2, window.Complete(places[0], out var next));
        Assert.Equal(13, next);
        Assert.Equal(1, window.Complete(places[2], out next));
        Assert.Equal(18, next);
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void Whatever_the_order_in_which_they_end_it_moves_by_each_of_them_once()
    {
        var random = new Random(7);
        var window = new OffsetWindow();
        List<(long Place, long Offset)> open = [];
        var (offset, added, moved, last) = (0L, 0, 0, -1L);
        while (moved < 10_000)
        {
            if (added < 10_000 && (open.Count == 0 || random.Next(3) > 0) && open.Count < 500)
            {
                offset += random.Next(1, 4);
                open.Add((window.Add(offset), offset));
                added++;
                continue;
            }

            var index = random.Next(open.Count);
            var done = open[index];
            open.RemoveAt(index);
            var by = window.Complete(done.Place, out var next);
            if (by == 0)
                continue;

            moved += by;
            Assert.True(next > last);
            Assert.True(open.Count == 0 || next <= open.Min(item => item.Offset));
            last = next;
        }

        Assert.Equal(offset + 1, last);
    }
}
