namespace IotBus.Reporting.Parameters;

internal static class CheckedParameters
{
    /// <summary>Bad and unknown parameters are answered with 400, by name, and a store that is away with 503.</summary>
    public static RouteGroupBuilder WithCheckedParameters(this RouteGroupBuilder group) => group
        .AddEndpointFilter<RouteGroupBuilder, ParametersFilter>()
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
