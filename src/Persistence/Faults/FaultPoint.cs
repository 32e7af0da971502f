using System.Diagnostics;

namespace IotBus.Persistence;

/// <summary>
/// Named steps at which the kill tests end the process. Calls of it are compiled only where FAULT_POINTS is defined, which no build of the library
/// does: the tests' host compiles the library's sources once more with it.
/// </summary>
internal static class FaultPoint
{
    /// <summary>What happens at a step; set by the tests' host alone.</summary>
    internal static Action<string>? Reached { get; set; }

    [Conditional("FAULT_POINTS")]
    public static void Reach(string step) => Reached?.Invoke(step);
}
