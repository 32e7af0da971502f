using System.ComponentModel;
using FluentValidation;
using IotBus.Messages;
using IotBus.Persistence;
using IotBus.Processors.Commands;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Processors.Rollouts;

/// <summary>Begins, shows, pauses, resumes and aborts rollouts.</summary>
internal static class RolloutEndpoints
{
    private const string IdempotencyKey = "Idempotency-Key";

    public static void MapRollouts(this IEndpointRouteBuilder routes)
    {
        var rollouts = routes.MapGroup("/rollouts").WithTags("Rollouts");
        rollouts.MapPost("", RequestAsync).WithName("RequestRollout").WithSummary("Begins a firmware rollout").DescribeRequest();
        rollouts.MapGet("/{id:guid}", FindAsync)
            .WithName("GetRollout").WithSummary("Where a rollout stands: a device, a wave, in all").DescribeReport();
        MapCommand("/{id:guid}/pause", "PauseRollout", "Starts no further wave for now", id => new RolloutPauseRequested(id));
        MapCommand("/{id:guid}/resume", "ResumeRollout", "Goes on with a rollout that is paused", id => new RolloutResumeRequested(id));
        MapCommand("/{id:guid}/abort", "AbortRollout", "Ends a rollout: devices that were not asked yet are not", id => new RolloutAbortRequested(id));

        void MapCommand<T>(string pattern, string name, string summary, Func<Guid, T> message)
            where T : class =>
            rollouts.MapPost(
                pattern,
                (Guid id, RolloutReports reports, MongoDbContext database, ISendEndpointProvider endpoints, CancellationToken cancellationToken) =>
                    CommandAsync(id, message(id), reports, database, endpoints, cancellationToken)).WithName(name).WithSummary(summary).DescribeCommand();
    }

    private static async Task<IResult> RequestAsync(
        HttpContext http,
        IValidator<RolloutRequest> validator,
        RolloutAdmission admission,
        RolloutReports reports,
        CancellationToken cancellationToken)
    {
        var (request, refusal) = await JsonBody.ReadAsync(http.Request, CommandJsonContext.Default.RolloutRequest, RolloutLimits.MaxBodyBytes).ConfigureAwait(false);
        if (refusal is not null)
            return refusal;

        var validation = validator.Validate(request!);
        var errors = validation.ToDictionary();
        var id = IdOf(http.Request, request!, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);

        var answer = await admission.AdmitAsync(id, request!, cancellationToken).ConfigureAwait(false);
        switch (answer)
        {
            case { Field: { } field, Problem: { } problem }:
                return Problems.Invalid(new Dictionary<string, string[]> { [field] = [problem] });
            case { Problem: { } conflict }:
                return Problems.Of(answer.Status, "The rollout cannot begin.", conflict);
        }

        http.Response.Headers.Location = $"/rollouts/{id}";
        var page = new RolloutDevicePage(null, null, RolloutDevicePage.DefaultLimit);
        return TypedResults.Json(
            await reports.FindAsync(id, page, cancellationToken).ConfigureAwait(false), CommandJsonContext.Default.RolloutView, statusCode: answer.Status);
    }

    private static async Task<IResult> FindAsync(
        Guid id,
        RolloutReports reports,
        CancellationToken cancellationToken,
        [Description("Devices whose name comes after this one: next of the page before.")] string? after = null,
        [Description("Devices in this state only: waiting, requested, started, confirmed, failed or cancelled.")] string? state = null,
        [Description("At most so many devices, 1 to 10,000; 1,000 if not set.")] string? limit = null)
    {
        if (RolloutDevicePage.Read(after, state, limit, out var errors) is not { } page)
            return Problems.Invalid(errors);

        return await reports.FindAsync(id, page, cancellationToken).ConfigureAwait(false) is { } view
            ? TypedResults.Json(view, CommandJsonContext.Default.RolloutView)
            : Unknown(id);
    }

    private static async Task<IResult> CommandAsync<T>(
        Guid id, T message, RolloutReports reports, MongoDbContext database, ISendEndpointProvider endpoints, CancellationToken cancellationToken)
        where T : class
    {
        switch (await reports.StateAsync(id, cancellationToken).ConfigureAwait(false))
        {
            case null:
                return Unknown(id);
            case "requested":
                return Problems.Of(StatusCodes.Status409Conflict, "The rollout has not begun yet.", "It begins in a moment; try again then.");
            case "completed" or "stopped" or "aborted":
                return Problems.Of(StatusCodes.Status409Conflict, "The rollout has ended.", $"GET /rollouts/{id} tells how.");
        }

        await database.WithTransactionAsync(
            async (_, cancelled) =>
            {
                var rollouts = await endpoints.GetSendEndpoint(RolloutAddress.Queue).ConfigureAwait(false);
                await rollouts.Send(message, cancelled).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return TypedResults.Accepted($"/rollouts/{id}");
    }

    /// <summary>The identifier that the body or the header gives, or a new one.</summary>
    private static Guid IdOf(HttpRequest request, RolloutRequest body, IDictionary<string, string[]> errors)
    {
        var header = request.Headers[IdempotencyKey];
        if (header.Count == 0)
            return body.RolloutId ?? Guid.CreateVersion7();

        if (header.Count > 1 || !Guid.TryParse(header[0]!.Trim('"'), out var key) || key == Guid.Empty)
            errors[IdempotencyKey] = ["Must be one UUID."];
        else if (body.RolloutId is { } given && given != key)
            errors[IdempotencyKey] = ["Differs from rollout_id; give one of them."];
        else
            return key;

        return Guid.Empty;
    }

    private static ProblemHttpResult Unknown(Guid id) => Problems.Of(StatusCodes.Status404NotFound, "The rollout is not known.", $"No rollout {id} was asked for.");
}
