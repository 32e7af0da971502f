using System.Text;

namespace IotBus.DevHost.Replay;

/// <summary>
/// Reads CSV as RFC 4180 has it: cells in quotes may hold commas, line ends and doubled quotes. Empty lines are passed over. A row that cannot
/// be read is returned with its error, and reading goes on with the next line.
/// </summary>
internal sealed class CsvReader(TextReader text)
{
    /// <summary>How far a quoted cell may reach. An opened quote that nobody closes must not swallow the rest of the file.</summary>
    public const int MaxLines = 100;

    private readonly LineReader _lines = new(text);
    private readonly Queue<(string Text, bool TooLong)> _again = new();
    private long _line;

    /// <summary>The next row, or null at the end.</summary>
    public CsvRow? Read()
    {
        while (NextLine() is var (line, tooLong))
        {
            var number = _line;
            if (tooLong)
                return new CsvRow(number, [], $"the line is longer than {LineReader.MaxLength:N0} characters");

            if (line.Length == 0)
                continue;

            return line.Contains('"', StringComparison.Ordinal) ? ReadQuoted(number, line) : new CsvRow(number, line.Split(','));
        }

        return null;
    }

    private CsvRow ReadQuoted(long number, string first)
    {
        var row = first;
        var following = new List<(string, bool)>();
        List<string>? cells;
        while ((cells = SplitQuoted(row)) is null)
        {
            if (following.Count == MaxLines || row.Length > LineReader.MaxLength || NextLine() is not var (line, tooLong))
            {
                GiveBack(following);
                return new CsvRow(number, [], "a quote is opened and not closed");
            }

            following.Add((line, tooLong));
            row += "\n" + line;
        }

        return new CsvRow(number, cells);
    }

    /// <summary>The row's cells, or null when it ends inside quotes.</summary>
    private static List<string>? SplitQuoted(string row)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < row.Length; i++)
        {
            var c = row[i];
            if (quoted && c == '"' && i + 1 < row.Length && row[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (c == '"' && (quoted || cell.Length == 0))
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return quoted ? null : cells;
    }

    private (string Text, bool TooLong)? NextLine()
    {
        if (_again.TryDequeue(out var again))
        {
            _line++;
            return again;
        }

        if (_lines.Read(out var tooLong) is not { } text)
            return null;

        _line++;
        return (text, tooLong);
    }

    private void GiveBack(List<(string, bool)> lines)
    {
        _line -= lines.Count;
        lines.AddRange(_again);
        _again.Clear();
        lines.ForEach(_again.Enqueue);
    }
}
