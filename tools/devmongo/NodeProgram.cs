using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace IotBus.DevMongo;

/// <summary>The server's program in this checkout, and the Node that runs it.</summary>
internal sealed class NodeProgram
{
    private const int MinimumNode = 20;

    private readonly string _script;

    private NodeProgram(string script) => _script = script;

    /// <exception cref="DevMongoException">Node, the program or its packages are not there.</exception>
    public static async Task<NodeProgram> FindAsync(CancellationToken ct)
    {
        string directory = Directory();
        string script = Path.Combine(directory, "devmongo.mjs");
        if (!File.Exists(script))
        {
            throw new DevMongoException($"The MongoDB stand-in is not at {directory}. Build the project again from its checkout.");
        }

        await CheckNodeAsync(ct).ConfigureAwait(false);
        string modules = Path.Combine(directory, "node_modules");
        if (!System.IO.Directory.Exists(Path.Combine(modules, "bson")) || !System.IO.Directory.Exists(Path.Combine(modules, "mingo")))
        {
            throw new DevMongoException($"The packages of the MongoDB stand-in are not installed. Run: npm ci --prefix {InstallDirectory(directory)}");
        }

        return new NodeProgram(script);
    }

    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = Describe("--max-old-space-size=4096", _script);
        start.RedirectStandardInput = true;
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new DevMongoException("Node could not be started.");
    }

    private static string Directory() =>
        typeof(NodeProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "DevMongoDirectory")?.Value
        ?? throw new DevMongoException("The assembly does not say where the MongoDB stand-in is (metadata DevMongoDirectory).");

    // Relative where that is shorter to read: the command is for a person in the checkout.
    private static string InstallDirectory(string directory)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, directory);
        return relative.StartsWith("..", StringComparison.Ordinal) ? directory : relative;
    }

    private static async Task CheckNodeAsync(CancellationToken ct)
    {
        string version;
        try
        {
            using Process node = Process.Start(Describe("--version")) ?? throw new DevMongoException("Node could not be started.");
            version = (await node.StandardOutput.ReadToEndAsync(ct).ConfigureAwait(false)).Trim();
            await node.WaitForExitAsync(ct).ConfigureAwait(false);
        }
        catch (Win32Exception missing)
        {
            throw new DevMongoException($"The MongoDB stand-in needs Node {MinimumNode} or later (https://nodejs.org); no `node` is on the path.", missing);
        }

        string major = version.TrimStart('v').Split('.')[0];
        if (!int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < MinimumNode)
        {
            throw new DevMongoException($"The MongoDB stand-in needs Node {MinimumNode} or later (https://nodejs.org); `node --version` says '{version}'.");
        }
    }

    private static ProcessStartInfo Describe(params string[] arguments)
    {
        ProcessStartInfo start = new("node") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
