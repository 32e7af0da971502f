using IotBus.DevHost.Replay;

namespace IotBus.DevHost.Tests.Replay;

public sealed class ReplayProgressTests
{
    [Theory]
    [InlineData(0, 0, null, "[..............................]   0%  0 of 1,000  0/s  ")]
    [InlineData(250, 10, null, "[#######.......................]  25%  250 of 1,000  25/s  30 s left")]
    [InlineData(1000, 10, null, "[##############################] 100%  1,000 of 1,000  100/s  0 s left")]
    [InlineData(1, 100, null, "[..............................]   0%  1 of 1,000  0/s  1 d 3 h left")]
    [InlineData(500, 60, 600, "[###############...............]  50%  500 of 1,000  8/s  9 min 0 s left")]
    public void Progress_tells_share_rate_and_time_left(long done, int seconds, int? length, string expected)
    {
        var line = ReplayProgress.Describe(done, 1_000, TimeSpan.FromSeconds(seconds), length is null ? null : TimeSpan.FromSeconds(length.Value));

        Assert.Equal(expected, line);
    }
}
