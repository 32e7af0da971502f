using System.Text;
using IotBus.Api.Fields;

namespace IotBus.Api.Problems;

/// <summary>The faults of one event, by member.</summary>
internal static class FaultyFields
{
    /// <summary>One sentence for all of them. That of missing members is worded as the replaced system did.</summary>
    public static string Sentence(IReadOnlyDictionary<string, string[]> errors)
    {
        var missing = new List<string>();
        var invalid = new List<string>();
        foreach (var (name, messages) in errors)
            (FieldRules.IsMissing(messages[0]) ? missing : invalid).Add(name);

        var sentence = new StringBuilder();
        Append(sentence, "Missing fields: ", missing);
        Append(sentence, "Invalid fields: ", invalid);
        return sentence.ToString();
    }

    private static void Append(StringBuilder sentence, string start, List<string> names)
    {
        if (names.Count == 0)
            return;

        if (sentence.Length > 0)
            sentence.Append(". ");

        sentence.Append(start).Append("['").AppendJoin("', '", names).Append("']");
    }
}
