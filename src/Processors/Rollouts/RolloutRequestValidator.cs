using FluentValidation;
using IotBus.Messages;

namespace IotBus.Processors.Rollouts;

/// <summary>The rules of a request for a rollout. Whether its devices are there, and free, the store tells.</summary>
internal sealed class RolloutRequestValidator : AbstractValidator<RolloutRequest>
{
    private const string Identifier = "must be 1-128 characters of letters, digits, '.', '_', ':', '-'.";

    public RolloutRequestValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(request => request.RolloutId).NotEqual(Guid.Empty).OverridePropertyName("rollout_id").WithMessage("rollout_id must not be all zeros.");
        RuleFor(request => request.Version)
            .NotNull().WithMessage("version is required.")
            .Must(version => EventRules.IsIdentifier(version)).WithMessage($"version {Identifier}")
            .OverridePropertyName("version");
        RuleFor(request => request.DeviceIds)
            .Must((request, devices) => devices is null != request.Zone is null).WithMessage("Either device_ids or zone is required, and not both.")
            .Must(devices => devices is null or { Count: > 0 and <= RolloutLimits.MaxDevices })
            .WithMessage($"device_ids must have 1 to {RolloutLimits.MaxDevices} devices.")
            .Must(devices => devices is null || devices.All(device => EventRules.IsIdentifier(device))).WithMessage($"Each of device_ids {Identifier}")
            .Must(devices => devices is null || devices.Distinct(StringComparer.Ordinal).Count() == devices.Count)
            .WithMessage("device_ids names a device twice.")
            .OverridePropertyName("device_ids");
        RuleFor(request => request.Zone)
            .Must(zone => zone is null || EventRules.IsIdentifier(zone)).WithMessage($"zone {Identifier}")
            .OverridePropertyName("zone");
        RuleFor(request => request.WaveSize)
            .Must((request, size) => size is null != request.Percent is null).WithMessage("Either wave_size or percent is required, and not both.")
            .Must(size => size is null or (>= 1 and <= RolloutLimits.MaxWave)).WithMessage($"wave_size must be 1 to {RolloutLimits.MaxWave}.")
            .OverridePropertyName("wave_size");
        RuleFor(request => request.Percent)
            .Must(percent => percent is null or (> 0 and <= 100)).WithMessage("percent must be above 0 and at most 100.")
            .OverridePropertyName("percent");
        RuleFor(request => request.MaxFailures)
            .NotNull().WithMessage("max_failures is required.")
            .InclusiveBetween(1, RolloutLimits.MaxDevices).WithMessage($"max_failures must be 1 to {RolloutLimits.MaxDevices}.")
            .OverridePropertyName("max_failures");
        RuleFor(request => request.ConfirmTimeout)
            .NotNull().WithMessage("confirm_timeout is required, in seconds.")
            .InclusiveBetween(RolloutLimits.MinConfirmTimeout.TotalSeconds, RolloutLimits.MaxConfirmTimeout.TotalSeconds)
            .WithMessage($"confirm_timeout must be 1 to {RolloutLimits.MaxConfirmTimeout.TotalSeconds:0} seconds.")
            .OverridePropertyName("confirm_timeout");
    }
}
