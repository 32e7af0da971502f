namespace IotBus.Kafka;

/// <summary>
/// The headers that a dead letter carries beside its own. Key, value and the message's own headers are as they came. All values are UTF-8
/// text.
/// </summary>
public static class DeadLetterHeaders
{
    /// <summary>What these headers' names begin with.</summary>
    public const string Prefix = "IotBus-DeadLetter-";

    /// <summary>Why: one of <see cref="DeadLetterReasons"/>, or what the consumer said.</summary>
    public const string Reason = Prefix + "Reason";

    /// <summary>The full name of the exception's type, where there was one.</summary>
    public const string ExceptionType = Prefix + "ExceptionType";

    /// <summary>The exception's message, at most 1 KiB.</summary>
    public const string ExceptionMessage = Prefix + "ExceptionMessage";

    /// <summary>The topic it was consumed from.</summary>
    public const string Topic = Prefix + "Topic";

    /// <summary>The partition it was consumed from, decimal.</summary>
    public const string Partition = Prefix + "Partition";

    /// <summary>Its offset there, decimal.</summary>
    public const string Offset = Prefix + "Offset";

    /// <summary>
    /// Its timestamp there, ISO 8601, UTC, milliseconds; the number as it came, decimal, where that is no time of the years 1 to 9999.
    /// </summary>
    public const string Timestamp = Prefix + "Timestamp";

    /// <summary>
    /// The first <see cref="MaxKeyBytes"/> bytes of its key as they came; missing where it had none. The dead letter has the key itself, unless that
    /// was <see cref="LeftOut"/>.
    /// </summary>
    public const string Key = Prefix + "Key";

    /// <summary>How often it was tried, decimal, at least 1.</summary>
    public const string Attempts = Prefix + "Attempts";

    /// <summary>The full name of the consumer's type; missing where the message did not come as far as to one.</summary>
    public const string Consumer = Prefix + "Consumer";

    /// <summary>When it failed first, ISO 8601, UTC, milliseconds, by the clock of the consumer's machine.</summary>
    public const string FirstFailure = Prefix + "FirstFailure";

    /// <summary>When it failed last, which is when it was put aside; as <see cref="FirstFailure"/>.</summary>
    public const string LastFailure = Prefix + "LastFailure";

    /// <summary>
    /// On a record in a dead-letter topic that is no dead letter: it says which letters before it in its partition were <c>replayed</c> or
    /// <c>dropped</c>. Its value tells more, as JSON.
    /// </summary>
    public const string Mark = Prefix + "Mark";

    /// <summary>The group whose consumer put it aside.</summary>
    public const string Group = Prefix + "Group";

    /// <summary>
    /// What is missing because the dead letter was too large with it: <c>value</c>, or <c>value,headers,key</c>. The origin may still have it.
    /// </summary>
    public const string LeftOut = Prefix + "LeftOut";

    /// <summary>The length of a value that was left out, bytes, decimal.</summary>
    public const string ValueLength = Prefix + "ValueLength";

    /// <summary>The longest <see cref="Key"/>, bytes.</summary>
    public const int MaxKeyBytes = 256;

    /// <summary>The longest <see cref="ExceptionMessage"/>, bytes.</summary>
    public const int MaxExceptionMessageBytes = 1024;
}
