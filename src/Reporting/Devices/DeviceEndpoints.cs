using IotBus.Reporting.Documentation;
using IotBus.Reporting.Parameters;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Reporting.Devices;

/// <summary>The last that is known of devices.</summary>
internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder endpoints)
    {
        var devices = endpoints.MapGroup("/devices").WithTags("Devices").WithCheckedParameters();

        devices.MapGet("", ListAsync)
            .WithName("ListDevices")
            .WithSummary("Devices by name, a page at a time")
            .WithDescription("The next page starts with after set to the answer's next, which is null on the last page.")
            .WithExample(
                """
                {"devices":[{"device":"sensor-42","zone":"warehouse-A","zone_at":"2026-05-04T03:02:01Z","firmware":"1.4.2","firmware_at":"2026-05-01T06:00:00Z",
                "reading":{"temperature":24.5,"humidity":45,"at":"2026-05-04T03:02:01Z"},"last_seen":"2026-05-04T03:02:01Z"}],"next":"sensor-42"}
                """);
        devices.MapGet("/{id}", FindAsync)
            .WithName("GetDevice")
            .WithSummary("The last that is known of a device")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithExample(
                """
                {"device":"sensor-42","zone":"warehouse-A","zone_at":"2026-05-04T03:02:01Z","firmware":"1.4.2","firmware_at":"2026-05-01T06:00:00Z",
                "updating_to":"1.5.0","update_at":"2026-05-04T02:00:00Z","reading":{"temperature":24.5,"humidity":45,"at":"2026-05-04T03:02:01Z"},
                "alert":{"error_code":"E42","severity":"critical","at":"2026-05-03T22:10:00Z"},"last_seen":"2026-05-04T03:02:01Z"}
                """);
    }

    private static async Task<Ok<DevicePage>> ListAsync(
        [AsParameters] DevicesParameters parameters, DeviceStates devices, CancellationToken cancellationToken) =>
        TypedResults.Ok(await devices.ListAsync(parameters.ToFilter(), cancellationToken));

    private static async Task<Results<Ok<DeviceState>, ProblemHttpResult>> FindAsync(
        [AsParameters] DeviceParameters parameters, DeviceStates devices, CancellationToken cancellationToken) =>
        await devices.FindAsync(parameters.Id, cancellationToken) is { } state
            ? TypedResults.Ok(state)
            : TypedResults.Problem(
                $"No event of the device '{parameters.Id}' has arrived yet.",
                statusCode: StatusCodes.Status404NotFound,
                title: "The device is not known.");
}
