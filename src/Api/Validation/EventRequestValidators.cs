using FluentValidation;
using IotBus.Api.Events;
using IotBus.Api.Fields;

namespace IotBus.Api.Validation;

internal sealed class BootRequestValidator : EventRequestValidator<BootRequest>
{
    public BootRequestValidator(TimeProvider time)
        : base(time)
    {
        RuleFor(request => request.ZoneId).Keeps("zone_id", FieldRules.Identifier);
        RuleFor(request => request.Firmware).Keeps("firmware", FieldRules.OptionalIdentifier);
    }
}

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

internal sealed class FirmwareUpdateRequestValidator : EventRequestValidator<FirmwareUpdateRequest>
{
    public FirmwareUpdateRequestValidator(TimeProvider time)
        : base(time) =>
        RuleFor(request => request.VersionTo).Keeps("version_to", FieldRules.Identifier);
}

internal sealed class AlertRequestValidator : EventRequestValidator<AlertRequest>
{
    public AlertRequestValidator(TimeProvider time)
        : base(time)
    {
        RuleFor(request => request.ErrorCode).Keeps("error_code", FieldRules.Identifier);
        RuleFor(request => request.Severity).Keeps("severity", FieldRules.Severity);
    }
}

internal static class ValidationRegistration
{
    /// <summary>By hand: the package that would scan for validators is not needed for four of them.</summary>
    public static void AddValidators(this IServiceCollection services)
    {
        services.AddSingleton<IValidator<BootRequest>, BootRequestValidator>();
        services.AddSingleton<IValidator<TelemetryRequest>, TelemetryRequestValidator>();
        services.AddSingleton<IValidator<FirmwareUpdateRequest>, FirmwareUpdateRequestValidator>();
        services.AddSingleton<IValidator<AlertRequest>, AlertRequestValidator>();
    }
}
