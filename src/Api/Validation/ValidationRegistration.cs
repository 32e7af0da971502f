using FluentValidation;
using IotBus.Api.Events;

namespace IotBus.Api.Validation;

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
