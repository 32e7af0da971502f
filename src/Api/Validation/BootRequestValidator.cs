using IotBus.Api.Events;
using IotBus.Api.Fields;

namespace IotBus.Api.Validation;

/// <summary>The rules of a boot.</summary>
internal sealed class BootRequestValidator : EventRequestValidator<BootRequest>
{
    public BootRequestValidator(TimeProvider time)
        : base(time)
    {
        RuleFor(request => request.ZoneId).Keeps("zone_id", FieldRules.Identifier);
        RuleFor(request => request.Firmware).Keeps("firmware", FieldRules.OptionalIdentifier);
    }
}
