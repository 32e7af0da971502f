using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FluentValidation;
using IotBus.Api.Batches;
using IotBus.Api.Events;
using IotBus.Api.Tests.Fixtures;
using IotBus.Api.Validation;
using IotBus.Messages;
using IotBus.Testing;

namespace IotBus.Api.Tests.Rules;

/// <summary>The same JSON, read and checked as a single request and as a line of a batch.</summary>
internal sealed class BothReaders
{
    private readonly Dictionary<string, Func<byte[], Outcome>> _single;

    public BothReaders()
    {
        var time = new ManualTime(ApiHost.Now);
        _single = new()
        {
            ["boot"] = utf8 => Single(utf8, ApiJsonContext.Default.BootRequest, new BootRequestValidator(time)),
            ["telemetry"] = utf8 => Single(utf8, ApiJsonContext.Default.TelemetryRequest, new TelemetryRequestValidator(time)),
            ["firmware_update"] = utf8 => Single(utf8, ApiJsonContext.Default.FirmwareUpdateRequest, new FirmwareUpdateRequestValidator(time)),
            ["alert"] = utf8 => Single(utf8, ApiJsonContext.Default.AlertRequest, new AlertRequestValidator(time)),
        };
    }

    public Outcome Single(string type, byte[] utf8) => _single[type](utf8);

    public static Outcome Line(string type, byte[] utf8)
    {
        if (EventLineReader.Read(utf8, out var line) is not null)
            return Outcome.Malformed;

        // The path of a single request says its type; what the line says is another matter.
        line.UnknownType = default;
        line.Kind = type switch
        {
            "boot" => LineKind.Boot,
            "telemetry" => LineKind.Telemetry,
            "firmware_update" => LineKind.FirmwareUpdate,
            _ => LineKind.Alert,
        };
        return EventLineRules.Check(in line, ApiHost.Now) is { } faults
            ? new Outcome(false, faults.SelectMany(fault => fault.Value), null)
            : new Outcome(false, [], line.ToMessage(ApiHost.Now));
    }

    private static Outcome Single<TRequest>(byte[] utf8, JsonTypeInfo<TRequest> json, AbstractValidator<TRequest> validator)
        where TRequest : EventRequest
    {
        if (!EventBody.IsObject(utf8))
            return Outcome.Malformed;

        TRequest request;
        try
        {
            request = JsonSerializer.Deserialize(utf8, json)!;
        }
        catch (JsonException)
        {
            return Outcome.Malformed;
        }

        var validation = validator.Validate(request);
        return validation.IsValid
            ? new Outcome(false, [], request.ToMessage(ApiHost.Now))
            : new Outcome(false, validation.Errors.Select(failure => failure.ErrorMessage), null);
    }

    /// <summary>What became of the JSON: malformed, faulty, or a message. A made-up identifier is left out of the comparison.</summary>
    internal sealed record Outcome
    {
        public Outcome(bool isMalformed, IEnumerable<string> faults, SensorEvent? message)
        {
            IsMalformed = isMalformed;
            Faults = string.Join('\n', faults.Order(StringComparer.Ordinal));
            Message = message is { EventId.Version: 7 } && message.EventId.ToString()[..13] == Guid.CreateVersion7(ApiHost.Now).ToString()[..13]
                ? message with { EventId = Guid.Empty }
                : message;
        }

        public static Outcome Malformed { get; } = new(true, [], null);

        public bool IsMalformed { get; }

        public string Faults { get; }

        public SensorEvent? Message { get; }
    }
}
