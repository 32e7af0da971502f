using System.Text.Json;
using System.Text.RegularExpressions;
using IotBus.DevHost.CommandLine;
using IotBus.DevHost.DeadLetters;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.DeadLetters;

public sealed class DlqCommandTests
{
    [Fact]
    public async Task A_list_counts_by_reason_and_names_the_newest_for_people_and_for_machines()
    {
        await using var kafka = await KafkaServer.StartAsync();
        using var box = new LetterBox(kafka.BootstrapServers);
        var topic = await kafka.CreateTopicAsync("readings");
        foreach (var i in Enumerable.Range(0, 3))
            await box.PutAsync(topic, $"{i}", i == 0 ? "too_hot" : "malformed", key: $"press-{i}");

        var people = await DlqRun.RunAsync(kafka, ["list", "--topic", topic, "--newest", "1"]);
        var machines = await DlqRun.RunAsync(kafka, ["list", "--topic", topic, "--json"]);

        Assert.Equal((0, ""), (people.ExitCode, people.Error));
        Assert.Matches($@"(?m)^TOPIC +REASON +LETTERS +OLDEST +NEWEST\n{topic}  malformed +2  [^\n]+Z\n{topic}  too_hot +1 ", people.Output);
        Assert.Contains("The newest 1:", people.Output, StringComparison.Ordinal);
        Assert.Matches($@"(?m)^{topic}\.dlq\[0\]@2  \S+ \S+Z  malformed  press-2      3  RejectedException: It was rejected\.$", people.Output);
        Assert.Contains($"3 letters. To see one in full: ./iotbus dlq show '{topic}.dlq[0]@2'", people.Output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(machines.Output);
        Assert.Equal(3, json.RootElement.GetProperty("letters").GetInt64());
        Assert.Equal(2, json.RootElement.GetProperty("groups")[0].GetProperty("letters").GetInt64());
        var newest = json.RootElement.GetProperty("newest")[0];
        Assert.Equal(($"{topic}.dlq[0]@2", "press-2", 3), (newest.GetProperty("letter").GetString(), newest.GetProperty("key").GetString(), newest.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task A_letter_is_shown_in_full_whatever_it_holds()
    {
        await using var kafka = await KafkaServer.StartAsync();
        using var box = new LetterBox(kafka.BootstrapServers);
        var topic = await kafka.CreateTopicAsync("readings");
        await box.PutAsync(topic, "{\"a\":\n\"\u001b[2J\"}", "malformed", "press-1", ("foreign", "\u001b]0;owned\a"));
        await box.SendAsync(topic + ".dlq", [0xff, 0x00, 0x41]);

        var text = await DlqRun.RunAsync(kafka, ["show", $"{topic}.dlq[0]@0"]);
        var binary = await DlqRun.RunAsync(kafka, ["show", "0:1", "--topic", topic]);
        var cut = await DlqRun.RunAsync(kafka, ["show", $"{topic}[0]@0", "--bytes", "4"]);
        var json = await DlqRun.RunAsync(kafka, ["show", $"{topic}.dlq[0]@1", $"{topic}.dlq[0]@0", "--json"]);

        Assert.Equal(0, text.ExitCode);
        Assert.Contains($"  came from   {topic}[0]@0\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("  tried       3 times\n", text.Output, StringComparison.Ordinal);
        Assert.Contains(@"  header      foreign: \u{1b}]0;owned\u{7}" + "\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("    {\"a\":\n    \"\\u{1b}[2J\"}\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("  stays here  it does not say which topic it came from\n  key         -\n  value       3 bytes\n\n    000000  ff 00 41 ", binary.Output, StringComparison.Ordinal);
        Assert.Contains(", of which the first 4 (more with --bytes N, all with --json)\n\n    {\"a\"\n", cut.Output, StringComparison.Ordinal);
        var letters = json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, letters.Count);
        Assert.Equal("{\"a\":\n\"\u001b[2J\"}", letters[0].GetProperty("value").GetString());
        Assert.Equal("/wBB", letters[1].GetProperty("value_base64").GetString());
    }

    [Fact]
    public async Task A_letter_that_is_not_there_is_said()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");

        var none = await DlqRun.RunAsync(kafka, ["list", "--topic", topic]);
        var run = await DlqRun.RunAsync(kafka, ["show", $"{topic}.dlq[0]@0"]);

        Assert.Equal((0, $"Kafka at {kafka.BootstrapServers}\n\nThere are no dead letters of that kind.\n"), (none.ExitCode, none.Output));
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal("iotbus: there is no such letter; it may have been replayed or dropped, or its time in the topic has passed.\n", run.Error);
    }

    [Fact]
    public async Task A_replay_shows_what_it_would_do_and_the_command_it_names_does_just_that()
    {
        await using var kafka = await KafkaServer.StartAsync();
        using var box = new LetterBox(kafka.BootstrapServers);
        var topic = await kafka.CreateTopicAsync("readings");
        await box.PutAsync(topic, "1", "too_hot");
        await box.PutAsync(topic, "2", "malformed");

        var dry = await DlqRun.RunAsync(kafka, ["replay", "--topic", topic, "--reason", "too_hot"]);
        var unchanged = await DlqRun.RunAsync(kafka, ["list", "--topic", topic]);
        await box.PutAsync(topic, "3", "too_hot");
        var command = Regex.Match(dry.Output, @"\./iotbus dlq (replay .* --yes)$", RegexOptions.Multiline).Groups[1].Value;
        var done = await DlqRun.RunAsync(kafka, command.Split(' '));
        var again = await DlqRun.RunAsync(kafka, command.Split(' '));
        var left = await DlqRun.RunAsync(kafka, ["list", "--topic", topic, "--json"]);

        Assert.Equal(0, dry.ExitCode);
        Assert.StartsWith("1 letter would be replayed:\n\nTOPIC ", dry.Output, StringComparison.Ordinal);
        Assert.Contains("2 letters.", unchanged.Output, StringComparison.Ordinal);
        Assert.Matches($"^replay --topic {topic} --reason too_hot --to [^ ]+Z --yes$", command);
        Assert.Equal((0, "1 letter was replayed.\n"), (done.ExitCode, done.Output));
        Assert.Equal((0, "0 letters were replayed.\n"), (again.ExitCode, again.Output));
        using var json = JsonDocument.Parse(left.Output);
        Assert.Equal((2, 1), (json.RootElement.GetProperty("letters").GetInt64(), json.RootElement.GetProperty("handled_before").GetInt64()));
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_said_before_and_after_and_can_be_dropped()
    {
        await using var kafka = await KafkaServer.StartAsync();
        using var box = new LetterBox(kafka.BootstrapServers);
        var topic = await kafka.CreateTopicAsync("readings");
        await box.SendAsync(topic + ".dlq", "by anyone"u8.ToArray());
        var stays = $"  1: it does not say which topic it came from (such as {topic}.dlq[0]@0)\n";

        var dry = await DlqRun.RunAsync(kafka, ["replay", $"{topic}.dlq[0]@0"]);
        var replayed = await DlqRun.RunAsync(kafka, ["replay", $"{topic}.dlq[0]@0", "--yes"]);
        var dropped = await DlqRun.RunAsync(kafka, ["drop", $"{topic}.dlq[0]@0", "--yes"]);
        var shown = await DlqRun.RunAsync(kafka, ["show", $"{topic}.dlq[0]@0"]);

        Assert.Contains("These of them would stay where they are:\n\n" + stays, dry.Output, StringComparison.Ordinal);
        Assert.Contains($"./iotbus dlq replay '{topic}.dlq[0]@0' --yes\n", dry.Output, StringComparison.Ordinal);
        Assert.Equal((1, $"0 letters were replayed.\nThese stay where they are:\n\n{stays}\n"), (replayed.ExitCode, replayed.Output));
        Assert.Equal((0, "1 letter was dropped.\n"), (dropped.ExitCode, dropped.Output));
        Assert.Equal(1, shown.ExitCode);
    }

    [Fact]
    public async Task A_replay_that_is_stopped_says_how_far_it_came()
    {
        await using var kafka = await KafkaServer.StartAsync();
        using var box = new LetterBox(kafka.BootstrapServers);
        var topic = await kafka.CreateTopicAsync("readings");
        foreach (var i in Enumerable.Range(0, 3))
            await box.PutAsync(topic, $"{i}", "malformed");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var run = await DlqRun.RunAsync(kafka, ["replay", "--topic", topic, "--yes"], stop.Token);

        Assert.Equal((130, "Stopped. 0 letters were replayed. The same command does the rest.\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_place_without_a_topic_needs_one_where_there_are_several()
    {
        await using var kafka = await KafkaServer.StartAsync();
        await kafka.CreateTopicAsync("a");
        await kafka.CreateTopicAsync("b");

        var several = await Assert.ThrowsAsync<UsageException>(() => DlqRun.RunAsync(kafka, ["show", "0:0"]));
        var nonsense = await Assert.ThrowsAsync<UsageException>(() => DlqRun.RunAsync(kafka, ["show", "zero:0"]));

        Assert.StartsWith("partition:offset needs --topic, since there are several dead-letter topics: ", several.Message, StringComparison.Ordinal);
        Assert.StartsWith("\"zero:0\" names no letter: write 'topic[partition]@offset'", nonsense.Message, StringComparison.Ordinal);
    }
}
