using Microsoft.Extensions.Options;

namespace IotBus.Processors.Events;

internal sealed class ProcessingOptionsValidator : IValidateOptions<ProcessingOptions>
{
    public ValidateOptionsResult Validate(string? name, ProcessingOptions options)
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(options.Group))
            faults.Add("Processing:Group is empty: name the consumer group.");

        if (options.BatchSize is < 1 or > 20_000)
            faults.Add($"Processing:BatchSize is {options.BatchSize}: it must be 1–20,000.");

        if (options.InboxRetention < TimeSpan.FromHours(1))
            faults.Add($"Processing:InboxRetention is {options.InboxRetention}: it must be at least 1 h.");

        if (options.SeriesRetention < TimeSpan.FromHours(1))
            faults.Add($"Processing:SeriesRetention is {options.SeriesRetention}: it must be at least 1 h.");

        if (options.InsertTimeout < TimeSpan.FromMilliseconds(100))
            faults.Add($"Processing:InsertTimeout is {options.InsertTimeout}: it must be at least 100 ms.");

        if (options.SessionTimeout < TimeSpan.FromSeconds(6) || options.SessionTimeout > TimeSpan.FromMinutes(30))
            faults.Add($"Processing:SessionTimeout is {options.SessionTimeout}: it must be 6 s–30 min.");

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
