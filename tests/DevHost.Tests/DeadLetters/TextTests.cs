using System.Text;
using IotBus.DevHost.DeadLetters;
using IotBus.Kafka;

namespace IotBus.DevHost.Tests.DeadLetters;

/// <summary>What anyone may have written, on a terminal.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("plain ä €", "plain ä €")]
    [InlineData("\u001b[2J\r\n\t\0", @"\u{1b}[2J\u{d}\u{a}\u{9}\u{0}")]
    [InlineData("a\u202eb\u200b", @"a\u{202e}b\u{200b}")]
    [InlineData(null, "-")]
    public void Nothing_steers_the_terminal(string? text, string expected) => Assert.Equal(expected, PlainText.Line(text, 100));

    [Fact]
    public void A_value_keeps_its_lines_and_is_text_only_if_it_is_UTF8()
    {
        Assert.Equal("a\n\tb\\u{1b}", PlainText.Lines("a\n\tb\u001b"u8));
        Assert.Null(PlainText.Lines([0xff, 0x61]));
        Assert.Equal("0xff61", PlainText.Line(new byte[] { 0xff, 0x61 }, 10));
        Assert.Equal("12345…", PlainText.Line("1234567", 6));
    }

    [Fact]
    public void Bytes_are_dumped_in_rows_of_sixteen()
    {
        var bytes = Enumerable.Range(60, 18).Select(i => (byte)i).Append((byte)0xff).ToArray();

        Assert.Equal(
            "  000000  3c 3d 3e 3f 40 41 42 43  44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK\n"
            + "  000010  4c 4d ff                                          LM.\n",
            HexDump.Of(bytes, "  "));
    }

    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell()
    {
        var table = new TextTable("A", "B", "C").Right(1);
        table.Add("long", "1", "x");
        table.Add("s", "1,000", "");

        Assert.Equal("A         B  C\nlong      1  x\ns     1,000\n", table.ToString());
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 0, "[##############################] 100%  0 found  0/s")]
    [InlineData(500, 1000, 200, 0, 10, "[###############...............]  50%  200 found  20/s  10 s left")]
    [InlineData(1, 100, 1, 3, 60, "[..............................]   1%  1 found, 3 stay  0/s  1 h 39 min left")]
    public void Progress_tells_share_count_rate_and_time_left(long read, long records, long done, long left, int seconds, string expected) =>
        Assert.Equal(expected, ScanProgress.Describe(new DeadLetterProgress(read, records, done, left), "found", TimeSpan.FromSeconds(seconds)));
}
