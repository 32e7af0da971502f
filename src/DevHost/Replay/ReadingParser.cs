using System.Globalization;
using IotBus.Messages;

namespace IotBus.DevHost.Replay;

/// <summary>Makes readings of rows. What is a number or a time here is checked; whether it is a sensible one, the Api decides.</summary>
internal sealed class ReadingParser(ColumnMap map)
{
    private const int ShownLength = 40;

    /// <param name="row">The row as read.</param>
    /// <param name="number">The row's number, from 1.</param>
    /// <param name="reading">The reading, when the row holds one.</param>
    /// <returns>Null, or why the row cannot be sent.</returns>
    public string? Parse(in CsvRow row, long number, out Reading reading)
    {
        reading = default;
        if (row.Error is not null)
            return row.Error;
        if (row.Cells.Count < map.Columns)
            return $"it has {row.Cells.Count} of {map.Columns} columns";
        if (Text(ColumnMap.DeviceId, row, out var device) is { } noDevice)
            return noDevice;
        if (Text(ColumnMap.ZoneId, row, out var zone) is { } noZone)
            return noZone;
        if (Number(ColumnMap.Temperature, row, out var temperature) is { } noTemperature)
            return noTemperature;
        if (Number(ColumnMap.Humidity, row, out var humidity) is { } noHumidity)
            return noHumidity;

        DateTimeOffset? recorded = null;
        if (map.HasTime && Time(row, out recorded) is { } noTime)
            return noTime;

        reading = new Reading(number, row.Line, device, zone, temperature, humidity, recorded);
        return null;
    }

    private string? Text(string field, in CsvRow row, out string text)
    {
        text = map.Text(field, row.Cells);
        return text.Length == 0 ? $"{field} is empty" : null;
    }

    private string? Number(string field, in CsvRow row, out double number)
    {
        var text = map.Text(field, row.Cells);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number)
            ? null
            : text.Length == 0 ? $"{field} is empty" : $"{field} is not a number: \"{Shown(text)}\"";
    }

    private string? Time(in CsvRow row, out DateTimeOffset? recorded)
    {
        var field = map.TimeIsEpochMilliseconds ? ColumnMap.TimestampMs : ColumnMap.Timestamp;
        var text = map.Text(field, row.Cells);
        recorded = map.TimeIsEpochMilliseconds ? EpochMilliseconds(text) : Iso8601(text);
        return recorded is not null ? null : text.Length == 0 ? $"{field} is empty" : $"{field} is not a time: \"{Shown(text)}\"";
    }

    private static DateTimeOffset? EpochMilliseconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds)
            : null;

    private static DateTimeOffset? Iso8601(string text)
    {
        // A space instead of the T is what spreadsheets and databases write.
        var iso = text.Length > 10 && text[10] == ' ' ? string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11)) : text;
        return UtcTimestampConverter.TryParse(iso, out var time) ? time : null;
    }

    private static string Shown(string text) => text.Length <= ShownLength ? text : text[..ShownLength] + "…";
}
