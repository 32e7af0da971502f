namespace IotBus.Reporting.Metrics;

/// <summary>Rows of the rollups added up.</summary>
/// <param name="Count">Events.</param>
/// <param name="Temperature">The sum of their temperatures, °C.</param>
/// <param name="Humidity">The sum of their humidities, % relative humidity.</param>
internal readonly record struct RollupSum(long Count, double Temperature, double Humidity)
{
    public static RollupSum operator +(RollupSum left, RollupSum right) =>
        new(left.Count + right.Count, left.Temperature + right.Temperature, left.Humidity + right.Humidity);
}
