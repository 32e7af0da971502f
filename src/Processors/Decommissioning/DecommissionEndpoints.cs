using System.ComponentModel;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Processors.Decommissioning;

/// <summary>Takes devices out of service, and shows how far that is.</summary>
internal static class DecommissionEndpoints
{
    public static void MapDecommissioning(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/devices/{id}", DecommissionAsync)
            .WithName("DecommissionDevice").WithSummary("Takes a device out of service").WithTags("Devices").DescribeDecommission();
        routes.MapGet("/operations/{id:guid}", FindAsync)
            .WithName("GetOperation").WithSummary("How far an operation is, step by step").WithTags("Operations").DescribeOperation();
    }

    private static async Task<IResult> DecommissionAsync(
        [Description("The device's name.")] string id,
        HttpContext http,
        Operations operations,
        CancellationToken cancellationToken,
        [Description("What becomes of its readings: keep, which is what happens if it is not set, or purge.")] string? history = null)
    {
        if (Invalid(id, history) is { } errors)
            return Problems.Invalid(errors);

        if (await operations.OfDeviceAsync(id, cancellationToken).ConfigureAwait(false) is { } known)
            return known.EndedAt is null ? Accepted(http, known) : TypedResults.NoContent();

        if (!await operations.KnowsAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return Problems.Of(
                StatusCodes.Status404NotFound,
                "The device is not known.",
                $"No event of the device '{id}' has arrived, and no rollout waits for it. If it has a key, take that away at the edge.");
        }

        try
        {
            return Accepted(http, await operations.DecommissionAsync(id, history ?? DeviceHistories.Keep, cancellationToken).ConfigureAwait(false));
        }
        catch (PivotFailedException exception)
        {
            return Problems.TryAgain(http, "The device's credentials were not revoked; nothing was changed.", exception.Message);
        }
        catch (MongoException exception)
        {
            return Problems.TryAgain(
                http,
                "The device's credentials are revoked, but it is not known whether the rest was taken on.",
                $"Send the request again: it goes on from there. The store said: {exception.Message}");
        }
    }

    private static async Task<IResult> FindAsync(Guid id, Operations operations, CancellationToken cancellationToken) =>
        await operations.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view
            ? TypedResults.Json(view, CommandJsonContext.Default.OperationView)
            : Problems.Of(StatusCodes.Status404NotFound, "The operation is not known.", $"There is no operation {id}.");

    private static JsonHttpResult<OperationView> Accepted(HttpContext http, OperationView view)
    {
        http.Response.Headers.Location = $"/operations/{view.OperationId}";
        return TypedResults.Json(view, CommandJsonContext.Default.OperationView, statusCode: StatusCodes.Status202Accepted);
    }

    private static Dictionary<string, string[]>? Invalid(string id, string? history)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!EventRules.IsIdentifier(id))
            errors["id"] = ["Must be 1-128 characters of letters, digits, '.', '_', ':', '-'."];

        if (history is not null && !DeviceHistories.All.Contains(history))
            errors["history"] = [$"Must be one of {string.Join(", ", DeviceHistories.All)}."];

        return errors.Count > 0 ? errors : null;
    }
}
