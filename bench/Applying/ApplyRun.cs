namespace IotBus.Bench.Applying;

/// <summary>What applying a load took, from the first event produced to the last one applied, in processes that are warm and idle before.</summary>
/// <param name="Events">Events applied.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Cpu">CPU time of the Processors' process.</param>
/// <param name="StoreCpu">CPU time of the store's process.</param>
internal sealed record ApplyRun(long Events, TimeSpan Duration, TimeSpan Cpu, TimeSpan StoreCpu)
{
    public double PerSecond => Events / Duration.TotalSeconds;

    public double CpuMicrosecondsEach => Cpu.TotalMicroseconds / Events;

    public double StoreCpuMicrosecondsEach => StoreCpu.TotalMicroseconds / Events;
}
