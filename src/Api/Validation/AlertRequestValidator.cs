using IotBus.Api.Events;
using IotBus.Api.Fields;

namespace IotBus.Api.Validation;

/// <summary>The rules of an alert.</summary>
internal sealed class AlertRequestValidator : EventRequestValidator<AlertRequest>
{
    public AlertRequestValidator(TimeProvider time)
        : base(time)
    {
        RuleFor(request => request.ErrorCode).Keeps("error_code", FieldRules.Identifier);
        RuleFor(request => request.Severity).Keeps("severity", FieldRules.Severity);
    }
}
