namespace IotBus.Processors.Events;

/// <summary>What a batch adds to one rollup document.</summary>
internal sealed class Rollup
{
    private Measure _temperature;
    private Measure _humidity;

    public long Count { get; private set; }

    public bool HasReadings { get; private set; }

    public ref readonly Measure Temperature => ref _temperature;

    public ref readonly Measure Humidity => ref _humidity;

    public void Add() => Count++;

    /// <param name="temperature">°C.</param>
    /// <param name="humidity">% RH.</param>
    public void Add(double temperature, double humidity)
    {
        _temperature.Add(temperature, !HasReadings);
        _humidity.Add(humidity, !HasReadings);
        HasReadings = true;
        Count++;
    }
}
