using IotBus.Processors.Documentation;

namespace IotBus.Processors.Rollouts;

/// <summary>What the OpenAPI document says of rollouts.</summary>
internal static class RolloutDocumentation
{
    private const string Request = """
        {"version":"2.1.0","zone":"hall-1","percent":10,"max_failures":5,"confirm_timeout":1800}
        """;

    private const string Report = """
        {"rollout_id":"0198c0de-0000-7000-8000-000000000001","version":"2.1.0","state":"running","zone":"hall-1","wave_size":1,"max_failures":5,"confirm_timeout":1800,
         "requested_at":"2026-05-04T03:00:00+00:00","started_at":"2026-05-04T03:00:00.1+00:00","wave":1,
         "counts":{"devices":2,"waiting":1,"requested":0,"started":1,"confirmed":0,"failed":0,"cancelled":0},
         "waves":[{"wave":1,"state":"running","counts":{"devices":1,"waiting":0,"requested":0,"started":1,"confirmed":0,"failed":0,"cancelled":0}},
                  {"wave":2,"state":"waiting","counts":{"devices":1,"waiting":1,"requested":0,"started":0,"confirmed":0,"failed":0,"cancelled":0}}],
         "devices":[{"device_id":"sensor-1","wave":1,"state":"started","requested_at":"2026-05-04T03:00:00.1+00:00","started_at":"2026-05-04T03:00:02+00:00"},
                    {"device_id":"sensor-2","wave":2,"state":"waiting"}]}
        """;

    public static RouteHandlerBuilder DescribeRequest(this RouteHandlerBuilder endpoint) => endpoint
        .WithDescription(
            "Either device_ids or zone, and either wave_size or percent. A wave begins when the one before is settled; a device has confirm_timeout seconds to boot with the "
            + "version. With rollout_id, or the header Idempotency-Key in its place, the same request sent again begins nothing more.")
        .Takes<RolloutRequest>(Request)
        .Answers<RolloutView>(StatusCodes.Status200OK, "This rollout was asked for before; how it stands.", Report)
        .Answers<RolloutView>(StatusCodes.Status202Accepted, "It begins; Location says where to look.", Report)
        .Refuses(StatusCodes.Status400BadRequest, "The body is no JSON, or members are not valid: errors names each.")
        .Refuses(StatusCodes.Status409Conflict, "Another rollout has one of the devices, or the identifier belongs to another request.")
        .Refuses(StatusCodes.Status413PayloadTooLarge, "The body has more than 2 MiB.")
        .Refuses(StatusCodes.Status415UnsupportedMediaType, "The body is not said to be JSON.")
        .RefusesWithoutStore();

    public static RouteHandlerBuilder DescribeReport(this RouteHandlerBuilder endpoint) => endpoint
        .Answers<RolloutView>(StatusCodes.Status200OK, "The rollout, with a page of its devices.", Report)
        .Refuses(StatusCodes.Status400BadRequest, "A parameter is not valid: errors names each.")
        .RefusesUnknown()
        .RefusesWithoutStore();

    public static RouteHandlerBuilder DescribeCommand(this RouteHandlerBuilder endpoint) => endpoint
        .AnswersNothing(StatusCodes.Status202Accepted, "It will be done; Location says where to look.")
        .RefusesUnknown()
        .Refuses(StatusCodes.Status409Conflict, "The rollout has not begun yet, or has ended.")
        .RefusesWithoutStore();

    private static RouteHandlerBuilder RefusesUnknown(this RouteHandlerBuilder endpoint) =>
        endpoint.Refuses(StatusCodes.Status404NotFound, "No such rollout was asked for.");
}
