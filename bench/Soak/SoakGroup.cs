namespace IotBus.Bench.Soak;

/// <summary>A group's members. The first lives from the start to the end; the others are killed in turn.</summary>
internal sealed class SoakGroup(Func<SoakProcess> start, int members) : IAsyncDisposable
{
    private readonly SoakProcess[] _members = [.. Enumerable.Range(0, members).Select(_ => start())];
    private int _next;

    /// <summary>The member that is never killed.</summary>
    public SoakProcess LongLived => _members[0];

    /// <summary>Fails when a member ends that nobody killed.</summary>
    public Task Failure => Task.WhenAny(_members.Select(member => member.Ended)).Unwrap();

    /// <summary>Kills the member whose turn it is, and starts another in its place.</summary>
    public async Task KillOneAsync()
    {
        var victim = 1 + (_next++ % (_members.Length - 1));
        await _members[victim].DisposeAsync();
        _members[victim] = start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
    }
}
