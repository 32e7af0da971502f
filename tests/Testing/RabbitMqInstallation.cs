using System.Runtime.CompilerServices;

namespace IotBus.Testing;

/// <summary>Where RabbitMQ's and Erlang's programs are.</summary>
/// <param name="Script">The script that starts a node as whoever calls it.</param>
/// <param name="Erlang">The folder with <c>erl</c> and <c>epmd</c>.</param>
internal sealed record RabbitMqInstallation(string Script, string Erlang)
{
    /// <summary>What <c>./iotbus test</c> has unpacked for this checkout, or what the system has; null where there is neither.</summary>
    public static RabbitMqInstallation? Find()
    {
        foreach (var root in new[] { Unpacked(), "/" })
        {
            var script = Path.Combine(root, "usr/lib/rabbitmq/bin/rabbitmq-server");
            var erlang = Path.Combine(root, "usr/lib/erlang/bin");
            if (File.Exists(script) && File.Exists(Path.Combine(erlang, "epmd")))
                return new RabbitMqInstallation(script, erlang);
        }

        return null;
    }

    private static string Unpacked([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../artifacts/tools/rabbitmq"));
}
