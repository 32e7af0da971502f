namespace IotBus.DevHost.Terminal;

/// <summary>
/// One line that tells how things stand: rewritten in place on a terminal, a plain line now and then elsewhere. Thread-safe.
/// </summary>
internal sealed class LiveLine(TextWriter output, bool inPlace, TimeSpan plainInterval, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _lastPlain = clock.GetTimestamp();
    private long? _lastMention;
    private bool _open;

    /// <summary>How many characters are seen; more are cut off where the line is rewritten.</summary>
    public int Width => !inPlace || Console.WindowWidth < 20 ? 200 : Console.WindowWidth - 1;

    public static LiveLine OnConsole(TimeSpan plainInterval) =>
        new(Console.Out, !Console.IsOutputRedirected, plainInterval, TimeProvider.System);

    /// <summary>Shows how things stand now. Where lines cannot be rewritten, most calls show nothing.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            if (inPlace)
            {
                // Back to the line's start, the text cut to one line, and what was longer before erased.
                output.Write("\r" + (text.Length <= Width ? text : text[..Width]) + "\u001b[K");
                output.Flush();
                _open = true;
            }
            else if (clock.GetElapsedTime(_lastPlain) >= plainInterval)
            {
                _lastPlain = clock.GetTimestamp();
                output.WriteLine(text);
            }
        }
    }

    /// <summary>Writes a line that stays, above the live one.</summary>
    public void Say(string text)
    {
        lock (_lock)
        {
            output.WriteLine(_open ? "\r" + text + "\u001b[K" : text);
            _open = false;
        }
    }

    /// <summary>Writes a line that stays, unless one was mentioned just now: for what may happen many times a second.</summary>
    public void Mention(string text)
    {
        lock (_lock)
        {
            if (_lastMention is { } last && clock.GetElapsedTime(last) < plainInterval)
                return;

            _lastMention = clock.GetTimestamp();
        }

        Say(text);
    }

    /// <summary>Takes the live line away.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_open)
                output.Write("\r\u001b[K");

            output.Flush();
            _open = false;
        }
    }

    /// <summary>Leaves the live line as it is; what comes next starts on a line of its own.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_open)
                output.WriteLine();

            _open = false;
        }
    }
}
