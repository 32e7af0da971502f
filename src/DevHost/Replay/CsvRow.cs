namespace IotBus.DevHost.Replay;

/// <summary>A row of a CSV file.</summary>
/// <param name="Line">The line it starts on; the first line of the file is 1.</param>
/// <param name="Cells">Empty when the row could not be read.</param>
/// <param name="Error">Why it could not be read, or null.</param>
internal readonly record struct CsvRow(long Line, IReadOnlyList<string> Cells, string? Error = null);
