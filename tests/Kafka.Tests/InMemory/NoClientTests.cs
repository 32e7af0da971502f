using System.Reflection;
using System.Runtime.Loader;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>Where there is no librdkafka, tests in memory run all the same.</summary>
public sealed class NoClientTests
{
    [Fact]
    public async Task A_message_goes_all_the_way_and_no_client_is_loaded()
    {
        // The other tests load the client: here the assemblies are loaded once more, and nothing native with them.
        var context = new ApartContext();
        var assembly = context.LoadFromAssemblyPath(typeof(NoClientTests).Assembly.Location);
        var run = assembly.GetType(typeof(NoClientTests).FullName!)!.GetMethod(nameof(RunAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

        var (applied, put, loaded) = await (Task<(int, int, bool)>)run.Invoke(null, [])!;

        Assert.NotSame(typeof(NoClientTests).Assembly, assembly);
        Assert.Equal((1, 1, false), (applied, put, loaded));
        Assert.Empty(context.Native);
    }

    private static async Task<(int Applied, int PutAside, bool ClientLoaded)> RunAsync()
    {
        var kafka = new InMemoryKafka();
        var seen = new Seen { OnMessage = context => context.Message.Decibel < 0 ? throw new ArgumentException("too quiet") : Task.CompletedTask };
        await using (await NoiseHost.StartAsync(kafka, "noises", "group", seen))
        {
            kafka.Topic("noises").AppendText("k", NoiseHost.Json(1));
            kafka.Topic("noises").AppendText("k", NoiseHost.Json(-1));
            await kafka.WhenConsumedAsync();
        }

        return (seen.Messages.Count, kafka.Topic("noises.dlq").Records.Count, Confluent.Kafka.Library.IsLoaded);
    }

    private sealed class ApartContext() : AssemblyLoadContext("apart")
    {
        public List<string> Native { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            Native.Add(unmanagedDllName);
            return 0;
        }
    }
}
