using IotBus.DevHost.CommandLine;

namespace IotBus.DevHost.Replay;

/// <summary>Which column of the file holds which of our fields, or the constant that stands for it.</summary>
internal sealed class ColumnMap
{
    public const string DeviceId = "device_id";
    public const string ZoneId = "zone_id";
    public const string Temperature = "temperature";
    public const string Humidity = "humidity";
    public const string Timestamp = "timestamp";
    public const string TimestampMs = "timestamp_ms";

    private static readonly string[] Fields = [DeviceId, ZoneId, Temperature, Humidity, Timestamp, TimestampMs];

    private readonly Dictionary<string, (int Column, string? Constant)> _sources = new(StringComparer.Ordinal);

    private ColumnMap(int columns) => Columns = columns;

    public int Columns { get; }

    /// <summary>Whether the file tells when a reading was taken.</summary>
    public bool HasTime => _sources.ContainsKey(Timestamp) || _sources.ContainsKey(TimestampMs);

    public bool TimeIsEpochMilliseconds => _sources.ContainsKey(TimestampMs);

    /// <summary>Reads <c>device_id=mote,zone_id=:hall-1</c>.</summary>
    /// <exception cref="UsageException">It is not of that form, or names a field that does not exist.</exception>
    public static Dictionary<string, string> ParseMapping(IEnumerable<string> options)
    {
        var mapping = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in options.SelectMany(option => option.Split(',')))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var field = equals < 0 ? pair : pair[..equals].Trim();
            if (equals < 0 || pair.Length == equals + 1)
                throw new UsageException($"--map takes OURS=THEIRS pairs with commas between them, not \"{pair}\".");
            if (!Fields.Contains(field))
                throw new UsageException($"--map does not know {field}; our columns are {string.Join(", ", Fields)}.");
            if (!mapping.TryAdd(field, pair[(equals + 1)..].Trim()))
                throw new UsageException($"--map names {field} twice.");
        }

        return mapping;
    }

    /// <exception cref="UsageException">A column is missing; the message says which are there.</exception>
    public static ColumnMap Create(IReadOnlyList<string> header, IReadOnlyDictionary<string, string> mapping)
    {
        var names = header.Select(name => name.Trim()).ToList();
        var map = new ColumnMap(names.Count);
        foreach (var field in Fields)
            map.Locate(field, names, mapping);

        var missing = Fields[..4].Where(field => !map._sources.ContainsKey(field)).ToList();
        if (missing.Count > 0)
        {
            throw new UsageException(
                $"The file has no column {string.Join(", ", missing)}. Its columns are: {string.Join(", ", names)}. " +
                $"Say which it is with --map {missing[0]}=THEIRS, or give a constant with --map {missing[0]}=:VALUE.");
        }

        // What was mapped on purpose wins over a column that happens to have the other's name.
        if (map._sources.ContainsKey(Timestamp) && map._sources.ContainsKey(TimestampMs))
            map._sources.Remove(mapping.ContainsKey(Timestamp) && !mapping.ContainsKey(TimestampMs) ? TimestampMs : Timestamp);

        return map;
    }

    /// <summary>The field's text in a row that has all columns.</summary>
    public string Text(string field, IReadOnlyList<string> cells)
    {
        var (column, constant) = _sources[field];
        return constant ?? cells[column].Trim();
    }

    private void Locate(string field, List<string> names, IReadOnlyDictionary<string, string> mapping)
    {
        var mapped = mapping.TryGetValue(field, out var theirs);
        if (mapped && theirs!.StartsWith(':'))
        {
            _sources[field] = (-1, theirs[1..]);
            return;
        }

        var name = mapped ? theirs! : field;
        var column = names.IndexOf(name);
        if (column < 0)
            column = names.FindIndex(n => n.Equals(name, StringComparison.OrdinalIgnoreCase));

        if (column >= 0)
            _sources[field] = (column, null);
        else if (mapped)
            throw new UsageException($"--map {field}={name}: the file has no column {name}. Its columns are: {string.Join(", ", names)}.");
    }
}
