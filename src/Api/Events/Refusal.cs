using Microsoft.AspNetCore.Http.HttpResults;

namespace IotBus.Api.Events;

/// <summary>A request that was turned away, and the reason it is counted under.</summary>
internal sealed record Refusal(string Reason, ProblemHttpResult Answer);
