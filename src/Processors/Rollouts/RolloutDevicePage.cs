using IotBus.Messages;

namespace IotBus.Processors.Rollouts;

/// <summary>Which devices of a rollout are listed.</summary>
/// <param name="After">Those whose name comes after this one.</param>
/// <param name="State">Those in this state only.</param>
/// <param name="Limit">At most so many, 1 to 10,000.</param>
internal sealed record RolloutDevicePage(string? After, string? State, int Limit)
{
    public const int DefaultLimit = 1_000;
    public const int MaxLimit = RolloutLimits.MaxDevices;

    /// <summary>The page that query parameters ask for; null, with what is wrong by name, if they are not valid.</summary>
    public static RolloutDevicePage? Read(string? after, string? state, string? limit, out Dictionary<string, string[]> errors)
    {
        errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (after is not null && !EventRules.IsIdentifier(after))
            errors["after"] = ["Must be the name of a device."];

        if (state is not null && !DeviceUpdateStates.All.Contains(state))
            errors["state"] = [$"Must be one of {string.Join(", ", DeviceUpdateStates.All)}."];

        var count = DefaultLimit;
        if (limit is not null && !(int.TryParse(limit, out count) && count is >= 1 and <= MaxLimit))
            errors["limit"] = [$"Must be 1 to {MaxLimit}."];

        return errors.Count > 0 ? null : new RolloutDevicePage(after, state, count);
    }
}
