using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace IotBus.DevHost.Up;

/// <summary>
/// An <c>./iotbus up</c> that runs on this machine, as it says in a file of its own in the checkout's state: the embedded broker's port is another
/// one each time. The file can be read by its user only, and goes when the system stops.
/// </summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Started">When the process started, by which another process with the same number is told from it.</param>
/// <param name="Kafka">Its broker's addresses.</param>
internal sealed record RunningSystem(int ProcessId, DateTimeOffset Started, string Kafka)
{
    /// <summary>Names the folder of the checkout's state; <c>./iotbus</c> sets it. Without it nothing is written and nothing found.</summary>
    public const string FolderVariable = "IOTBUS_STATE";

    private const string Prefix = "up-";
    private const int MaxBytes = 4096;

    public static string? Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Says that this process is one, until the result is disposed of.</summary>
    /// <param name="folder">Where; null says nothing.</param>
    /// <param name="kafka">The broker's addresses.</param>
    public static IDisposable? Announce(string? folder, string kafka)
    {
        if (folder is null)
            return null;

        Directory.CreateDirectory(folder);
        foreach (var (file, system) in Read(folder))
        {
            if (system is null || !system.Runs)
                File.Delete(file);
        }

        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}.json"));
        using (var self = Process.GetCurrentProcess())
        using (var stream = new FileStream(path + ".new", ForUserOnly()))
        {
            JsonSerializer.Serialize(stream, new RunningSystem(Environment.ProcessId, self.StartTime, kafka));
        }

        // At once: nobody reads half of it.
        File.Move(path + ".new", path, overwrite: true);
        return new Announcement(path);
    }

    /// <summary>Those that run now.</summary>
    /// <param name="folder">Where they say so; null finds none.</param>
    public static IReadOnlyList<RunningSystem> Find(string? folder) =>
        folder is null || !Directory.Exists(folder) ? [] : [.. Read(folder).Select(found => found.System).OfType<RunningSystem>().Where(system => system.Runs)];

    private static FileStreamOptions ForUserOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        return options;
    }

    private bool Runs
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(ProcessId);
                return (process.StartTime - Started).Duration() < TimeSpan.FromSeconds(2);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>The files there are, each with what it says; null where it is none of ours.</summary>
    private static IEnumerable<(string File, RunningSystem? System)> Read(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, Prefix + "*.json"))
        {
            RunningSystem? system = null;
            try
            {
                using var stream = File.OpenRead(file);
                system = stream.Length <= MaxBytes ? JsonSerializer.Deserialize<RunningSystem>(stream) : null;
            }
            catch (FileNotFoundException)
            {
                continue; // It has stopped just now.
            }
            catch (JsonException)
            {
                // Not one of ours.
            }

            yield return (file, system is { Kafka.Length: > 0 } ? system : null);
        }
    }

    private sealed class Announcement(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }
}
