using System.Text.Json.Serialization;
using IotBus.Reporting.Devices;
using IotBus.Reporting.Metrics;
using IotBus.Reporting.Series;

namespace IotBus.Reporting;

[JsonSerializable(typeof(BootTotal))]
[JsonSerializable(typeof(IReadOnlyList<ZoneAverage>))]
[JsonSerializable(typeof(IReadOnlyList<ValueCount>))]
[JsonSerializable(typeof(IReadOnlyList<DayActivity>))]
[JsonSerializable(typeof(DevicePage))]
[JsonSerializable(typeof(DeviceState))]
[JsonSerializable(typeof(IReadOnlyList<SeriesBucket>))]
internal sealed partial class ReportingJsonContext : JsonSerializerContext;
