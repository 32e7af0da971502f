using FluentValidation;
using IotBus.Api.Events;
using IotBus.Api.Fields;

namespace IotBus.Api.Validation;

/// <summary>The rules of what every event carries.</summary>
internal abstract class EventRequestValidator<TRequest> : AbstractValidator<TRequest>
    where TRequest : EventRequest
{
    protected EventRequestValidator(TimeProvider time)
    {
        RuleFor(request => request.DeviceId).Keeps("device_id", FieldRules.Identifier);
        RuleFor(request => request.EventId).Keeps("event_id", FieldRules.OptionalId);
        RuleFor(request => request.Timestamp).Keeps("timestamp", (name, field) => FieldRules.OptionalTimestamp(name, field, time.GetUtcNow()));
        RuleFor(request => request.IdempotencyKey).Keeps(EventRequest.IdempotencyKeyHeader, FieldRules.OptionalId);
        RuleFor(request => request).Custom((request, context) =>
        {
            if (request is { EventId.IsPresent: true, IdempotencyKey.IsPresent: true } && request.EventId != request.IdempotencyKey)
                context.AddFailure("event_id", $"event_id must equal the header {EventRequest.IdempotencyKeyHeader} when both are sent.");
        });
    }
}
