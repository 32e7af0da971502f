using System.Diagnostics;

namespace IotBus.Bench.Delivering;

/// <summary>Tells on standard output when something happened, by the machine's even clock, which all its processes share.</summary>
internal sealed class DeliveryReport
{
    public const string CalledWord = "called";
    public const string CommittedWord = "committed";
    public const string ArrivedWord = "arrived";

    private readonly TextWriter _output = TextWriter.Synchronized(Console.Out);

    public void Arrived(int number) => Write(ArrivedWord, number, Stopwatch.GetTimestamp());

    public void Write(string word, int number, long timestamp)
    {
        _output.WriteLine($"{word} {number} {timestamp}");
        _output.Flush();
    }
}
