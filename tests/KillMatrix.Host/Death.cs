using System.Runtime.InteropServices;
using IotBus.Persistence;

namespace IotBus.KillMatrix;

/// <summary>Ends this process with SIGKILL, as a machine that loses its power would: nothing in it gets a chance to finish.</summary>
internal static partial class Death
{
    private const int Sigkill = 9;

    /// <summary>Lets it die when it comes to a step for the first time; an empty one never comes.</summary>
    public static void At(string step) => FaultPoint.Reached = reached =>
    {
        if (reached != step)
            return;

        // Others kill too, a machine that is short of memory among them: this tells who did.
        Console.Out.WriteLine(WordsAt(step));
        _ = Kill(Environment.ProcessId, Sigkill);
        Thread.Sleep(Timeout.Infinite);
    };

    /// <summary>What it says before it dies at a step, and never else.</summary>
    public static string WordsAt(string step) => $"Dies at the step '{step}'.";

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
