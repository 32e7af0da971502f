namespace IotBus.Kafka;

/// <summary>What is done with letters before they are marked.</summary>
internal interface ILetterAction
{
    /// <summary>What the mark says: <see cref="HandledMark.Replayed"/> or <see cref="HandledMark.Dropped"/>.</summary>
    string Name { get; }

    /// <summary>Does it to these letters, in order.</summary>
    /// <param name="letters">The letters.</param>
    /// <param name="topics">The cluster's topics with the number of their partitions.</param>
    /// <returns>For each, null once it is done for good, or why not.</returns>
    Task<LetterTrouble?[]> ActAsync(IReadOnlyList<DeadLetter> letters, IReadOnlyDictionary<string, int> topics);
}
