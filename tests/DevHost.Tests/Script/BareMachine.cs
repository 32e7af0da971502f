using System.Diagnostics;

namespace IotBus.DevHost.Tests.Script;

/// <summary>
/// A copy of the script on a machine that lacks every package: where it asks what is installed, it hears that nothing is. Nothing can be installed either.
/// </summary>
internal sealed class BareMachine : IDisposable
{
    private const UnixFileMode Everyone =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int NotInstalled = 1;
    private const int Forbidden = 100;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("iotbus-bare-");
    private readonly string _commands;

#pragma warning disable CA1416 // Modes of files are Linux's, and so is the script.
    public BareMachine()
    {
        _commands = _root.CreateSubdirectory("commands").FullName;
        File.SetUnixFileMode(_root.FullName, Everyone);
        File.SetUnixFileMode(_commands, Everyone);
        File.Copy(Repository.Path("iotbus"), Script);
        File.SetUnixFileMode(Script, Everyone);
        Command("dotnet", "echo '10.0.100 [/usr/share/dotnet/sdk]'");
        Command("node", "echo v22.0.0");
        Command("npm", $"exit {Forbidden}");
        Command("ldconfig", "exit 0");
        Command("dpkg-query", $"exit {NotInstalled}");
        Command("apt-get", $"echo 'apt-get was called' >&2; exit {Forbidden}");
    }

    private string Script => Path.Combine(_root.FullName, "iotbus");

    /// <summary>Runs the script as somebody who is not root.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunWithoutRootAsync(params string[] args)
    {
        // Nobody's number is the same on every Linux.
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Script, .. args]
            : [Script, .. args];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = _root.FullName };
        start.Environment["PATH"] = $"{_commands}:{Environment.GetEnvironmentVariable("PATH")}";
        return await Tests.Script.Script.RunAsync(start);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private void Command(string name, string body)
    {
        var path = Path.Combine(_commands, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, Everyone);
    }
#pragma warning restore CA1416
}
