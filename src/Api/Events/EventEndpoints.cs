using IotBus.Api.OpenApi;
using IotBus.Api.Validation;
using IotBus.Messages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Api.Events;

/// <summary>Where devices send one event at a time. Paths and answers are those of the system this one replaces.</summary>
internal static class EventEndpoints
{
    // The words of the replaced system; clients compare them.
    private const string Booted = "boot_recorded";
    private const string Received = "data_received";
    private const string Started = "update_started";
    private const string Logged = "alert_logged";

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/event").WithTags("Events");

        events.MapPost("/boot", RecordBootAsync)
            .AddEndpointFilter<EventFilter<BootRequest>>()
            .WithName("RecordBoot")
            .WithSummary("Records that a device started")
            .WithEventDocumentation<BootRequest>(EventExamples.Boot);
        events.MapPost("/telemetry", RecordTelemetryAsync)
            .AddEndpointFilter<EventFilter<TelemetryRequest>>()
            .WithName("RecordTelemetry")
            .WithSummary("Records what a device measured")
            .WithEventDocumentation<TelemetryRequest>(EventExamples.Telemetry);
        events.MapPost("/firmware_update", RecordFirmwareUpdateAsync)
            .AddEndpointFilter<EventFilter<FirmwareUpdateRequest>>()
            .WithName("RecordFirmwareUpdate")
            .WithSummary("Records that a device began to install a firmware")
            .WithEventDocumentation<FirmwareUpdateRequest>(EventExamples.FirmwareUpdate);
        events.MapPost("/alert", RecordAlertAsync)
            .AddEndpointFilter<EventFilter<AlertRequest>>()
            .WithName("RecordAlert")
            .WithSummary("Records a fault that a device reports")
            .WithEventDocumentation<AlertRequest>(EventExamples.Alert);
    }

    private static Task<Results<Ok<EventRecorded<DeviceBooted>>, ProblemHttpResult>> RecordBootAsync(
        EventBody<BootRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, Booted, body.Request.ToMessage(body.Received));

    private static Task<Results<Ok<EventRecorded<TelemetryRecorded>>, ProblemHttpResult>> RecordTelemetryAsync(
        EventBody<TelemetryRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, Received, body.Request.ToMessage(body.Received));

    private static Task<Results<Ok<EventRecorded<FirmwareUpdateStarted>>, ProblemHttpResult>> RecordFirmwareUpdateAsync(
        EventBody<FirmwareUpdateRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, Started, body.Request.ToMessage(body.Received));

    private static Task<Results<Ok<EventRecorded<AlertRaised>>, ProblemHttpResult>> RecordAlertAsync(
        EventBody<AlertRequest> body, EventRecorder recorder, HttpContext context) =>
        recorder.RecordAsync(context, Logged, body.Request.ToMessage(body.Received));
}
