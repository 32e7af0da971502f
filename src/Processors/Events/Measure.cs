namespace IotBus.Processors.Events;

/// <summary>The sum, minimum and maximum of the readings a rollup covers.</summary>
internal struct Measure
{
    public double Sum;
    public double Min;
    public double Max;

    public void Add(double value, bool first)
    {
        Sum += value;
        Min = first ? value : Math.Min(Min, value);
        Max = first ? value : Math.Max(Max, value);
    }
}
