using IotBus.Api.Validation;
using IotBus.Messages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Api.Events;

/// <summary>Where devices send one event at a time. Paths and answers are those of the system this one replaces.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/event").WithTags("Events");

        events.MapPost("/boot", RecordBootAsync)
            .Records<BootRequest>()
            .WithName("RecordBoot")
            .WithSummary("Records that a device started");
        events.MapPost("/telemetry", RecordTelemetryAsync)
            .Records<TelemetryRequest>()
            .WithName("RecordTelemetry")
            .WithSummary("Records what a device measured");
        events.MapPost("/firmware_update", RecordFirmwareUpdateAsync)
            .Records<FirmwareUpdateRequest>()
            .WithName("RecordFirmwareUpdate")
            .WithSummary("Records that a device began to install a firmware");
        events.MapPost("/alert", RecordAlertAsync)
            .Records<AlertRequest>()
            .WithName("RecordAlert")
            .WithSummary("Records a fault that a device reports");
    }

    private static Task<Results<Ok<EventRecorded<DeviceBooted>>, ProblemHttpResult>> RecordBootAsync(
        EventBody<BootRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, "boot_recorded", body.Request.ToMessage(body.Received));

    private static Task<Results<Ok<EventRecorded<TelemetryRecorded>>, ProblemHttpResult>> RecordTelemetryAsync(
        EventBody<TelemetryRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, "data_received", body.Request.ToMessage(body.Received));

    private static Task<Results<Ok<EventRecorded<FirmwareUpdateStarted>>, ProblemHttpResult>> RecordFirmwareUpdateAsync(
        EventBody<FirmwareUpdateRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, "update_started", body.Request.ToMessage(body.Received));

    private static Task<Results<Ok<EventRecorded<AlertRaised>>, ProblemHttpResult>> RecordAlertAsync(
        EventBody<AlertRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, "alert_logged", body.Request.ToMessage(body.Received));

    private static RouteHandlerBuilder Records<TRequest>(this RouteHandlerBuilder endpoint)
        where TRequest : EventRequest =>
        endpoint
            .AddEndpointFilter<EventFilter<TRequest>>()
            .Accepts<TRequest>("application/json");
}
