using System.Text;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.DeadLetters;

namespace IotBus.DevHost.Tests.DeadLetters;

public sealed class DlqOptionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void List_needs_nothing_and_has_bounds()
    {
        var options = Parse("list");

        Assert.Equal((DlqVerb.List, 20, false, false, 0, null, null), (options.Verb, options.Newest, options.Json, options.Yes, options.Places.Count, options.Kafka, options.Selection.Key));
        Assert.Equal(TimeSpan.FromSeconds(10), options.Timeout);
    }

    [Fact]
    public void Letters_are_chosen_by_all_that_is_said()
    {
        var selection = Parse("replay", "--topic", "t", "--reason", "r", "--key", "k", "--from", "2h", "--to=2026-03-01T11:30:00Z").Selection;

        Assert.Equal(("t", "r", "k"), (selection.Topic, selection.Reason, Encoding.UTF8.GetString(selection.Key!.Value.Span)));
        Assert.Equal((Now.AddHours(-2), Now.AddMinutes(-30)), (selection.From, selection.To));
        Assert.Equal([0x6b, 0xff], Parse("list", "--key", "0x6bff").Selection.Key!.Value.ToArray());
    }

    [Theory]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T10:00", "2026-03-01T10:00:00Z")]
    [InlineData("2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00Z")]
    [InlineData("2026-03-01T10:00:00.123Z", "2026-03-01T10:00:00.123Z")]
    [InlineData("2026-03-01 10:00:05", "2026-03-01T10:00:05Z")]
    [InlineData("90s", "2026-03-01T11:58:30Z")]
    [InlineData("30m", "2026-03-01T11:30:00Z")]
    [InlineData("7d", "2026-02-22T12:00:00Z")]
    public void A_time_is_a_date_or_how_long_ago(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), PointInTime.Parse("--from", text, Now));

    [Fact]
    public void The_arguments_that_choose_can_be_pasted_into_a_shell_again()
    {
        var options = Parse("drop", "t.dlq[0]@1", "--timeout", "5", "--kafka=h:1");

        Assert.Equal("'t.dlq[0]@1' --timeout 5 --kafka h:1", options.Typed);
        Assert.Equal(@"--topic 'a b' --reason 'it'\''s'", Parse("drop", "--reason", "it's", "--topic", "a b", "--yes").Typed);
        Assert.Equal("--all", Parse("drop", "--all").Typed);
        Assert.Equal("--from 2026-03-01T10:00:00.000Z --to 2026-03-01T11:30:00.000Z", Parse("drop", "--to", "30m", "--from", "2h").Typed);
    }

    [Theory]
    [InlineData("", "dlq takes list, show, replay or drop; ./iotbus help tells more.")]
    [InlineData("dance", "dlq takes list, show, replay or drop; ./iotbus help tells more.")]
    [InlineData("replay", "dlq replay needs to know which letters: single ones, such as 'sensor-telemetry.dlq[0]@17', or --topic, --reason, --key, --from, --to, or --all.")]
    [InlineData("drop --yes", "dlq drop needs to know which letters: single ones, such as 'sensor-telemetry.dlq[0]@17', or --topic, --reason, --key, --from, --to, or --all.")]
    [InlineData("drop --all t[0]@1", "--all and single letters exclude each other.")]
    [InlineData("list --yes", "--yes is for dlq replay and dlq drop only.")]
    [InlineData("list --all", "--all is for dlq show and dlq replay and dlq drop only.")]
    [InlineData("drop --all --rate 5", "--rate is for dlq replay only.")]
    [InlineData("replay --all --rate 0", "--rate takes a whole number from 1 to 1000000, not \"0\".")]
    [InlineData("list --from yesterday", "--from takes a time such as 2026-03-01T12:00:00Z, or how long ago, such as 30m, 2h or 7d, not \"yesterday\".")]
    [InlineData("list --to 100001d", "--to takes a time such as 2026-03-01T12:00:00Z, or how long ago, such as 30m, 2h or 7d, not \"100001d\".")]
    [InlineData("list --from 1h --to 2h", "--from is not before --to: no letter can be of that time.")]
    [InlineData("list --key 0xabc", "--key takes a text, or bytes such as 0x6b31, not \"0xabc\".")]
    [InlineData("list --newest 10001", "--newest takes a whole number from 0 to 10000, not \"10001\".")]
    [InlineData("list --loud", "There is no option --loud.")]
    public void What_makes_no_sense_is_refused(string args, string expected)
    {
        var e = Assert.Throws<UsageException>(() => Parse(args.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(expected, e.Message);
    }

    private static DlqOptions Parse(params string[] args) => DlqOptions.Parse(args, Now);
}
