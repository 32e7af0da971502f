using IotBus.Testing;

namespace IotBus.Bus.Tests;

/// <summary>The sends here are confirmed when the test says so.</summary>
public sealed class OrderedSendsTests
{
    private readonly List<TaskCompletionSource> _started = [];
    private readonly Lock _lock = new();
    private CancellationToken _cancelled;

    [Fact]
    public async Task The_first_is_alone_and_then_some_are_under_way_in_their_order()
    {
        var sent = OrderedSends.Run(40, (number, token) => Start(number, token), CancellationToken.None);
        Assert.Equal(1, Started);

        Confirm(0);
        await StartedAsync(1 + OrderedSends.Window);
        Assert.False(sent[1].IsCompleted);
        for (var i = 1; i < 40; i++)
        {
            await StartedAsync(i + 1);
            Confirm(i);
        }

        await Task.WhenAll(sent);
        Assert.Equal(40, Started);
    }

    [Fact]
    public async Task From_the_first_that_fails_all_fail_once_nothing_is_under_way_any_more()
    {
        var sent = OrderedSends.Run(40, (number, token) => Start(number, token), CancellationToken.None);
        Confirm(0);
        await StartedAsync(1 + OrderedSends.Window);

        Confirm(1);
        Confirm(3);
        _started[2].SetException(new InvalidOperationException("It failed, as the test wants it."));
        await sent[1];
        await Eventually.TrueAsync(() => _cancelled.IsCancellationRequested);
        Assert.False(sent[2].IsCompleted);
        for (var i = 4; i <= OrderedSends.Window; i++)
            _started[i].SetCanceled(CancellationToken.None);

        foreach (var failed in sent.Skip(2))
            await Assert.ThrowsAsync<InvalidOperationException>(() => failed);

        Assert.Equal(1 + OrderedSends.Window, Started);
    }

    [Fact]
    public async Task One_that_is_not_under_way_yet_is_waited_for()
    {
        var sent = OrderedSends.Run(4, (number, token) => Start(number, token, isUnderWay: number != 2), CancellationToken.None);
        Confirm(0);
        await StartedAsync(3);
        Confirm(1);
        await sent[1];
        Assert.Equal(3, Started);

        Confirm(2);
        await StartedAsync(4);
        Confirm(3);

        await Task.WhenAll(sent);
    }

    [Fact]
    public async Task What_cannot_be_started_fails_with_all_behind_it()
    {
        var sent = OrderedSends.Run(
            3, (number, token) => number == 1 ? throw new InvalidOperationException("It failed, as the test wants it.") : Start(number, token), CancellationToken.None);
        Confirm(0);

        await sent[0];
        await Assert.ThrowsAsync<InvalidOperationException>(() => sent[1]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sent[2]);
    }

    private int Started
    {
        get
        {
            lock (_lock)
                return _started.Count;
        }
    }

    private StartedSend Start(int number, CancellationToken cancellationToken, bool isUnderWay = true)
    {
        lock (_lock)
        {
            Assert.Equal(_started.Count, number);
            _cancelled = cancellationToken;
            _started.Add(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return new StartedSend(_started[number].Task, isUnderWay);
        }
    }

    private void Confirm(int number)
    {
        lock (_lock)
            _started[number].SetResult();
    }

    private Task StartedAsync(int count) => Eventually.TrueAsync(() => Started >= count);
}
