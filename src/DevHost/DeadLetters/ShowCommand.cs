using IotBus.Kafka;

namespace IotBus.DevHost.DeadLetters;

/// <summary><c>./iotbus dlq show</c>: letters with all that belongs to them.</summary>
internal sealed class ShowCommand(DlqOptions options, DeadLetterQueue queue, TextWriter output, TextWriter errors)
{
    public async Task<int> RunAsync(DeadLetterSelection selection, CancellationToken cancellationToken)
    {
        var shown = 0;
        await foreach (var letter in queue.ReadAsync(selection, null, cancellationToken))
        {
            if (shown == options.Limit)
            {
                await errors.WriteLineAsync($"iotbus: there are more than these {shown}; --limit N shows more.");
                break;
            }

            shown++;
            await output.WriteLineAsync(options.Json ? LetterJson.Of(letter) : LetterText.Of(letter, options.Bytes));
        }

        if (shown > 0)
            return 0;

        await errors.WriteLineAsync("iotbus: there is no such letter; it may have been replayed or dropped, or its time in the topic has passed.");
        return 1;
    }
}
