using IotBus.Api.Events;
using IotBus.Api.Fields;

namespace IotBus.Api.Validation;

/// <summary>The rules of a reading.</summary>
internal sealed class TelemetryRequestValidator : EventRequestValidator<TelemetryRequest>
{
    public TelemetryRequestValidator(TimeProvider time)
        : base(time)
    {
        RuleFor(request => request.ZoneId).Keeps("zone_id", FieldRules.Identifier);
        RuleFor(request => request.Temperature).Keeps("temperature", FieldRules.Temperature);
        RuleFor(request => request.Humidity).Keeps("humidity", FieldRules.Humidity);
    }
}
