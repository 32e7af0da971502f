using System.Reflection;
using System.Runtime.InteropServices;

namespace IotBus.Kafka;

/// <summary>
/// Finds librdkafka, Kafka's C client, for this assembly and for Confluent.Kafka: beside the application, in its <c>runtimes/</c> folder
/// (where the package librdkafka.redist puts it), then in the system. Whoever uses Confluent.Kafka before this library calls
/// <see cref="EnsureLoaded"/> first.
/// </summary>
public static class Librdkafka
{
    internal const string Name = "librdkafka";

    // Older versions lack symbols that Confluent.Kafka calls when it consumes.
    private const int OldestVersion = 0x02_03_00_00;

    private static readonly Lazy<nint> Handle = new(() => Load(Candidates()));
    private static readonly Lazy<bool> Resolvers = new(SetResolvers);

    /// <summary>Loads the library once for the process. Thread-safe.</summary>
    /// <exception cref="DllNotFoundException">There is none, or it is older than 2.3; the message says how to get it.</exception>
    public static void EnsureLoaded()
    {
        _ = Resolvers.Value;
        _ = Handle.Value;
    }

    private static bool SetResolvers()
    {
        foreach (var assembly in (Assembly[])[typeof(Librdkafka).Assembly, typeof(Confluent.Kafka.Library).Assembly])
        {
            try
            {
                NativeLibrary.SetDllImportResolver(assembly, Resolve);
            }
            catch (InvalidOperationException)
            {
                // The application has set its own resolver for this assembly, and an assembly takes only one: the application's stands.
            }
        }

        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name.Contains(Name, StringComparison.Ordinal) ? Handle.Value : 0;

    /// <summary>Loads the first of the files that is new enough.</summary>
    internal static nint Load(IEnumerable<string> candidates)
    {
        List<string> rejected = [];
        foreach (var candidate in candidates)
        {
            if (!NativeLibrary.TryLoad(candidate, out var handle))
                continue;

            var version = VersionOf(handle);
            if (version >= OldestVersion)
                return handle;

            rejected.Add($"{candidate} is version {Text(version)}");
            NativeLibrary.Free(handle);
        }

        throw new DllNotFoundException(
            $"librdkafka 2.3 or newer is needed{(rejected.Count == 0 ? " and none was found" : ", but " + string.Join("; ", rejected))}. "
            + "Run `./iotbus setup`, or build with -p:LibrdkafkaRedist=true where the registry has the package librdkafka.redist.");
    }

    /// <summary>
    /// Messages and clients are handed from one to the other, so both must be of one library. They are not when Confluent.Kafka was used before
    /// <see cref="EnsureLoaded"/>, or the application finds the library for it.
    /// </summary>
    /// <exception cref="NotSupportedException">They are not.</exception>
    internal static void RequireSame(int own, int confluents)
    {
        if (own != confluents)
        {
            throw new NotSupportedException(
                $"Confluent.Kafka has loaded librdkafka {Text(confluents)} and the rider {Text(own)}, but they must share one: call "
                + $"{nameof(Librdkafka)}.{nameof(EnsureLoaded)}() before anything of Confluent.Kafka, and set no resolver for only one of them.");
        }
    }

    private static IEnumerable<string> Candidates()
    {
        var application = AppContext.BaseDirectory;
        var file = OperatingSystem.IsWindows() ? "librdkafka.dll" : OperatingSystem.IsMacOS() ? "librdkafka.dylib" : "librdkafka.so";
        if (OperatingSystem.IsLinux())
            yield return Path.Combine(application, "librdkafka.so.1");

        yield return Path.Combine(application, file);
        var runtime = Path.Combine(application, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        var portable = Path.Combine(application, "runtimes", PortableRuntime(), "native");
        foreach (var folder in (string[])[runtime, portable])
        {
            yield return Path.Combine(folder, file);

            // librdkafka.redist builds for two C libraries beside the default; the one that fits loads.
            yield return Path.Combine(folder, "alpine-librdkafka.so");
            yield return Path.Combine(folder, "centos8-librdkafka.so");
        }

        if (OperatingSystem.IsLinux())
            yield return "librdkafka.so.1";

        yield return file;
    }

    private static string PortableRuntime()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
#pragma warning disable CA1308 // Runtime identifiers are lower-case.
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
#pragma warning restore CA1308
    }

    private static string Text(int version) => $"{version >> 24}.{(version >> 16) & 0xff}.{(version >> 8) & 0xff}";

    private static unsafe int VersionOf(nint handle) =>
        NativeLibrary.TryGetExport(handle, "rd_kafka_version", out var export) ? ((delegate* unmanaged<int>)export)() : 0;
}
