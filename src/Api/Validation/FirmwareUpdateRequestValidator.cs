using IotBus.Api.Events;
using IotBus.Api.Fields;

namespace IotBus.Api.Validation;

/// <summary>The rules of a firmware update.</summary>
internal sealed class FirmwareUpdateRequestValidator : EventRequestValidator<FirmwareUpdateRequest>
{
    public FirmwareUpdateRequestValidator(TimeProvider time)
        : base(time) =>
        RuleFor(request => request.VersionTo).Keeps("version_to", FieldRules.Identifier);
}
