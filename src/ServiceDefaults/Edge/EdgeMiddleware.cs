using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>
/// Establishes who calls and whether they may: by the key, or by what Kong says. Endpoints marked <see cref="IAllowAnonymous"/> are open to all.
/// </summary>
internal sealed class EdgeMiddleware(
    RequestDelegate next,
    string[] groups,
    IOptions<EdgeOptions> options,
    ConsumerKeys keys,
    EdgeMetrics metrics,
    IEnumerable<IRevokedConsumers> revoked)
{
    public const string KeyHeader = "apikey";
    public const string UsernameHeader = "X-Consumer-Username";
    public const string GroupsHeader = "X-Consumer-Groups";

    private readonly bool _kong = options.Value.Mode == EdgeMode.Kong;
    private readonly IRevokedConsumers[] _revoked = [.. revoked];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return next(context);

        var consumer = _kong ? FromKong(context, out var refusal) : FromKey(context, out refusal);
        if (consumer is null)
        {
            metrics.Rejected(EdgeMetrics.Unauthorized);
            return EdgeAnswers.UnauthorizedAsync(context, refusal);
        }

        if (!consumer.IsInAny(groups))
        {
            metrics.Rejected(EdgeMetrics.Forbidden);
            return EdgeAnswers.WriteAsync(context, StatusCodes.Status403Forbidden, EdgeAnswers.WrongGroup);
        }

        context.Features.Set(consumer);
        return next(context);
    }

    private EdgeConsumer? FromKey(HttpContext context, out string refusal)
    {
        var headers = context.Request.Headers;
        refusal = EdgeAnswers.NoKey;
        if (!headers.TryGetValue(KeyHeader, out var key) || (key.Count == 1 && string.IsNullOrEmpty(key[0])))
            return null;

        refusal = EdgeAnswers.TwoKeys;
        if (key.Count != 1)
            return null;

        // The service behind the edge never sees the key, nor what a caller claims to be.
        headers.Remove(KeyHeader);
        headers.Remove(UsernameHeader);
        headers.Remove(GroupsHeader);
        refusal = EdgeAnswers.Unauthorized;
        return keys.Find(key[0]!) is { } consumer && !IsRevoked(consumer.Username) ? consumer : null;
    }

    private bool IsRevoked(string username)
    {
        foreach (var list in _revoked)
        {
            if (list.Contains(username))
                return true;
        }

        return false;
    }

    private static EdgeConsumer? FromKong(HttpContext context, out string refusal)
    {
        refusal = EdgeAnswers.Unauthorized;
        var username = context.Request.Headers[UsernameHeader];
        if (username.Count != 1 || string.IsNullOrEmpty(username[0]))
            return null;

        var groups = context.Request.Headers[GroupsHeader].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new EdgeConsumer(username[0]!, groups, window: null);
    }
}
