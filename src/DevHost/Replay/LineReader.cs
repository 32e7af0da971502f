namespace IotBus.DevHost.Replay;

/// <summary>Reads lines of at most <see cref="MaxLength"/> characters, so that no file can fill the memory. Line ends are LF, CRLF or CR.</summary>
internal sealed class LineReader(TextReader text)
{
    public const int MaxLength = 65_536;

    private readonly char[] _buffer = new char[16_384];
    private readonly System.Text.StringBuilder _line = new();
    private int _start;
    private int _end;
    private bool _skipLineFeed;

    /// <summary>The next line, or null at the end. Of a longer line only the first <see cref="MaxLength"/> characters are kept.</summary>
    public string? Read(out bool tooLong)
    {
        tooLong = false;
        _line.Clear();
        var any = false;
        while (Fill())
        {
            if (_skipLineFeed)
            {
                _skipLineFeed = false;
                if (_buffer[_start] == '\n')
                {
                    _start++;
                    continue;
                }
            }

            any = true;
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest.IndexOfAny('\r', '\n');
            tooLong |= !Keep(length < 0 ? rest : rest[..length]);
            if (length < 0)
            {
                _start = _end;
                continue;
            }

            _skipLineFeed = rest[length] == '\r';
            _start += length + 1;
            return _line.ToString();
        }

        return any ? _line.ToString() : null;
    }

    private bool Keep(ReadOnlySpan<char> part)
    {
        var room = MaxLength - _line.Length;
        _line.Append(part.Length <= room ? part : part[..room]);
        return part.Length <= room;
    }

    private bool Fill()
    {
        if (_start < _end)
            return true;

        _start = 0;
        _end = text.Read(_buffer);
        return _end > 0;
    }
}
