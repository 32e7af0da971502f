namespace IotBus.DevHost.Replay;

/// <summary>What a file holds, learnt in a first pass.</summary>
internal sealed class FileSurvey
{
    /// <summary>SHA-256 of the file's uncompressed content, hexadecimal: a file and its .gz are the same file.</summary>
    public string ContentHash { get; set; } = "";

    public long Rows { get; private set; }

    public long Unreadable { get; private set; }

    public DateTimeOffset? Earliest { get; private set; }

    public DateTimeOffset? Latest { get; private set; }

    public HashSet<string> Zones { get; } = new(StringComparer.Ordinal);

    public void Add(in Reading reading)
    {
        Rows++;
        Zones.Add(reading.Zone);
        if (reading.Recorded is not { } recorded)
            return;

        if (Earliest is null || recorded < Earliest)
            Earliest = recorded;
        if (Latest is null || recorded > Latest)
            Latest = recorded;
    }

    public void AddUnreadable()
    {
        Rows++;
        Unreadable++;
    }
}
