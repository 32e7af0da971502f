using IotBus.DevHost.Replay;

namespace IotBus.DevHost.Tests.Replay;

public sealed class CsvReaderTests
{
    [Fact]
    public void Cells_are_split_at_commas()
    {
        var rows = Read("a,b,c\n1,,3\n");

        Assert.Equal([["a", "b", "c"], ["1", "", "3"]], rows.Select(row => row.Cells));
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\r1,2\r")]
    [InlineData("a,b\n1,2")]
    [InlineData("\n\na,b\n\r\n1,2\n\n")]
    public void Any_line_end_will_do_and_empty_lines_are_passed_over(string text)
    {
        Assert.Equal([["a", "b"], ["1", "2"]], Read(text).Select(row => row.Cells));
    }

    [Fact]
    public void A_quoted_cell_may_hold_commas_quotes_and_line_ends()
    {
        var rows = Read("\"a,1\",\"say \"\"hi\"\"\",\"two\r\nlines\"\nnext,,\n");

        Assert.Equal([["a,1", "say \"hi\"", "two\nlines"], ["next", "", ""]], rows.Select(row => row.Cells));
        Assert.Equal([1L, 3L], rows.Select(row => row.Line));
    }

    [Fact]
    public void A_quote_within_a_cell_is_only_a_character()
    {
        Assert.Equal(["5\" pipe", "x"], Read("5\" pipe,x\n").Single().Cells);
    }

    [Fact]
    public void A_quote_that_nobody_closes_costs_one_row_and_not_the_rest_of_the_file()
    {
        var rows = Read("a,b\n\"open,1\n2,3\n4,5\n");

        Assert.Equal("a quote is opened and not closed", rows[1].Error);
        Assert.Equal(2, rows[1].Line);
        Assert.Equal([["2", "3"], ["4", "5"]], rows[2..].Select(row => row.Cells));
        Assert.Equal([3L, 4L], rows[2..].Select(row => row.Line));
    }

    [Fact]
    public void Every_quote_that_nobody_closes_costs_its_own_row_only()
    {
        var part = "\"open,1\n" + string.Concat(Enumerable.Repeat("1,2\n", 2 * CsvReader.MaxLines));

        var rows = Read(string.Concat(Enumerable.Repeat(part, 5)));

        Assert.Equal(5, rows.Count(row => row.Error is not null));
        Assert.Equal(10 * CsvReader.MaxLines, rows.Count(row => row.Cells.SequenceEqual(["1", "2"])));
    }

    [Fact]
    public void A_line_that_is_too_long_costs_one_row()
    {
        var rows = Read("a,b\n" + new string('x', LineReader.MaxLength + 1) + "\n1,2\n");

        Assert.Equal("the line is longer than 65,536 characters", rows[1].Error);
        Assert.Equal(["1", "2"], rows[2].Cells);
        Assert.Equal(3, rows[2].Line);
    }

    [Fact]
    public void Random_text_is_read_to_its_end_without_an_exception()
    {
        var random = new Random(20_161_103);
        const string Alphabet = "\"\",,\n\r1a";
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string(Enumerable.Range(0, random.Next(200)).Select(_ => Alphabet[random.Next(Alphabet.Length)]).ToArray());

            var lines = Read(text).Select(row => row.Line).ToList();

            Assert.Equal(lines.Order(), lines);
        }
    }

    private static List<CsvRow> Read(string text)
    {
        var reader = new CsvReader(new StringReader(text));
        var rows = new List<CsvRow>();
        while (reader.Read() is { } row)
            rows.Add(row);

        return rows;
    }
}
