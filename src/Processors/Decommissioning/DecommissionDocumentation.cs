using IotBus.Processors.Documentation;

namespace IotBus.Processors.Decommissioning;

/// <summary>What the OpenAPI document says of taking devices out of service.</summary>
internal static class DecommissionDocumentation
{
    private const string Operation = """
        {"operation_id":"0198c0de-0000-7000-8000-000000000002","kind":"decommission","device_id":"sensor-1","history":"keep","state":"running",
         "requested_at":"2026-05-04T03:00:00+00:00",
         "steps":[{"name":"revoke_credentials","state":"done","attempts":1,"started_at":"2026-05-04T03:00:00+00:00","ended_at":"2026-05-04T03:00:00+00:00"},
                  {"name":"rollouts","state":"waiting","attempts":0}]}
        """;

    public static RouteHandlerBuilder DescribeDecommission(this RouteHandlerBuilder endpoint) => endpoint
        .WithDescription("First its credentials are revoked; if that fails, nothing is changed. Everything after that is tried until it succeeds.")
        .Answers<OperationView>(StatusCodes.Status202Accepted, "Its credentials are revoked and the rest is under way; the same operation if it was before.", Operation)
        .AnswersNothing(StatusCodes.Status204NoContent, "It is out of service already.")
        .Refuses(StatusCodes.Status400BadRequest, "A parameter is not valid: errors names each.")
        .Refuses(StatusCodes.Status404NotFound, "Nothing is known of the device.")
        .Refuses(StatusCodes.Status503ServiceUnavailable, "Its credentials were not revoked, or the store does not answer; detail says what to do.");

    public static RouteHandlerBuilder DescribeOperation(this RouteHandlerBuilder endpoint) => endpoint
        .Answers<OperationView>(StatusCodes.Status200OK, "The operation.", Operation)
        .Refuses(StatusCodes.Status404NotFound, "There is no such operation.")
        .RefusesWithoutStore();
}
