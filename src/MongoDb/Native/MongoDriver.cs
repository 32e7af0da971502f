using System.Reflection;
using System.Runtime.InteropServices;

namespace IotBus.MongoDb.Native;

/// <summary>Finds and starts libmongoc, once a process.</summary>
internal static class MongoDriver
{
    private static readonly string[] MongocNames = ["libmongoc-1.0.so.0", "libmongoc-1.0.so", "libmongoc-1.0.0.dylib", "libmongoc-1.0.dylib", "mongoc-1.0"];
    private static readonly string[] BsonNames = ["libbson-1.0.so.0", "libbson-1.0.so", "libbson-1.0.0.dylib", "libbson-1.0.dylib", "bson-1.0"];
    private static readonly Lazy<bool> Started = new(Start);

    /// <exception cref="DllNotFoundException">libmongoc is not on this machine.</exception>
    public static void EnsureStarted() => _ = Started.Value;

    /// <summary>Loads the first of the names that is there.</summary>
    internal static nint LoadFirst(IEnumerable<string> names, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, assembly, searchPath, out var handle))
                return handle;
        }

        throw new DllNotFoundException(
            "MongoDB's C driver, libmongoc-1.0 (1.23 or later), is not installed. On Debian and Ubuntu: apt-get install libmongoc-1.0-0");
    }

    private static bool Start()
    {
        NativeLibrary.SetDllImportResolver(typeof(MongoDriver).Assembly, (name, assembly, searchPath) => name switch
        {
            LibMongoc.Mongoc => LoadFirst(MongocNames, assembly, searchPath),
            LibMongoc.Bson => LoadFirst(BsonNames, assembly, searchPath),
            _ => 0,
        });

        LibMongoc.mongoc_init();
        DriverLog.Attach();
        return true;
    }
}
