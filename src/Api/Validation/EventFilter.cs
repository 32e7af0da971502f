using FluentValidation;
using FluentValidation.Results;
using IotBus.Api.Events;
using IotBus.Api.Problems;
using IotBus.ServiceDefaults.Edge;

namespace IotBus.Api.Validation;

/// <summary>
/// Stands before every endpoint that records one event: what passes is well-formed, keeps every rule, and is about a device the consumer
/// may speak for.
/// </summary>
internal sealed class EventFilter<TRequest>(IValidator<TRequest> validator, IngestionMetrics metrics, TimeProvider time) : IEndpointFilter
    where TRequest : EventRequest
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var body = context.GetArgument<EventBody<TRequest>>(0);
        if ((body.Refusal ?? Check(body.Request, context.HttpContext)) is { } refusal)
        {
            metrics.Rejected(refusal.Reason);
            return ValueTask.FromResult<object?>(refusal.Answer);
        }

        body.Received = time.GetUtcNow();
        return next(context);
    }

    private Refusal? Check(TRequest request, HttpContext context)
    {
        var validation = validator.Validate(request);
        if (!validation.IsValid)
            return Invalid(validation.Errors);

        var consumer = context.Consumer();
        var device = request.DeviceId.Value!;
        return consumer.MaySendFor(device)
            ? null
            : new Refusal(RejectionReasons.Forbidden, Problem.Of(StatusCodes.Status403Forbidden, DeviceOwnership.Refusal(consumer, device)));
    }

    private static Refusal Invalid(List<ValidationFailure> failures)
    {
        var errors = failures
            .GroupBy(failure => failure.PropertyName, failure => failure.ErrorMessage)
            .ToDictionary(field => field.Key, field => field.ToArray());
        return new Refusal(RejectionReasons.Invalid, Problem.Of(
            StatusCodes.Status400BadRequest,
            FaultyFields.Sentence(errors),
            new Dictionary<string, object?> { ["errors"] = errors }));
    }
}
