using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using IotBus.DevHost.CommandLine;

namespace IotBus.DevHost.Replay;

/// <summary>A CSV file of readings, plain or gzip (told by its first bytes).</summary>
internal sealed class ReadingFile(string path, IReadOnlyDictionary<string, string> mapping)
{
    public string Name => Path.GetFileName(path);

    /// <summary>Reads the file once to learn what it holds and what identifies it.</summary>
    /// <exception cref="UsageException">There is no such file, it is empty, or a column is missing.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is gzip, and damaged.</exception>
    public FileSurvey Survey(CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        using var content = new CryptoStream(Open(), sha256, CryptoStreamMode.Read);
        var survey = new FileSurvey();
        foreach (var (reading, error) in Read(content))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (error is null)
                survey.Add(reading);
            else
                survey.AddUnreadable();
        }

        survey.ContentHash = Convert.ToHexStringLower(sha256.Hash!);
        return survey;
    }

    /// <summary>The file's rows, each a reading or an error. The same every time.</summary>
    public IEnumerable<(Reading Reading, RowError? Error)> Rows()
    {
        using var content = Open();
        foreach (var row in Read(content))
            yield return row;
    }

    private IEnumerable<(Reading Reading, RowError? Error)> Read(Stream content)
    {
        using var text = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 65_536);
        var csv = new CsvReader(text);
        if (csv.Read() is not { } header)
            throw new UsageException($"{Name} is empty.");
        if (header.Error is not null)
            throw new UsageException($"{Name}, line {header.Line}, which should name the columns: {header.Error}.");

        var parser = new ReadingParser(ColumnMap.Create(header.Cells, mapping));
        for (long number = 1; csv.Read() is { } row; number++)
        {
            var error = parser.Parse(row, number, out var reading);
            yield return (reading, error is null ? null : new RowError(row.Line, error));
        }
    }

    private Stream Open()
    {
        if (!File.Exists(path))
            throw new UsageException($"There is no file {path}.");

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536, FileOptions.SequentialScan);
        Span<byte> start = stackalloc byte[2];
        var gzip = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1f, 0x8b];
        file.Position = 0;
        return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
