namespace IotBus.Kafka;

/// <summary>Nothing is done with the letters but that they are marked.</summary>
internal sealed class DropAction : ILetterAction
{
    public string Name => HandledMark.Dropped;

    public Task<LetterTrouble?[]> ActAsync(IReadOnlyList<DeadLetter> letters, IReadOnlyDictionary<string, int> topics) =>
        Task.FromResult(new LetterTrouble?[letters.Count]);
}
