using System.Globalization;

namespace IotBus.DevHost.CommandLine;

/// <summary>A command's arguments: flags (<c>--name</c>), options (<c>--name value</c> or <c>--name=value</c>), and the rest in order.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    private Arguments()
    {
    }

    /// <summary>What is no option, in order.</summary>
    public List<string> Rest { get; } = [];

    /// <exception cref="UsageException">An option is not among the known ones, or lacks its value.</exception>
    public static Arguments Parse(ReadOnlySpan<string> args, string[] flags, string[] options)
    {
        var parsed = new Arguments();
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                parsed.Rest.Add(args[i]);
                continue;
            }

            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            if (flags.Contains(name) && equals < 0)
                parsed.Add(name, "");
            else if (!options.Contains(name))
                throw new UsageException($"There is no option {args[i]}.");
            else if (equals >= 0)
                parsed.Add(name, args[i][(equals + 1)..]);
            else if (++i < args.Length)
                parsed.Add(name, args[i]);
            else
                throw new UsageException($"{name} needs a value.");
        }

        return parsed;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The option's last value, or null.</summary>
    public string? Value(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var values) ? values : [];

    /// <exception cref="UsageException">The value is not a whole number of that range.</exception>
    public int Number(string name, int otherwise, int from, int to)
    {
        if (Value(name) is not { } text)
            return otherwise;

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to)
            return number;

        throw new UsageException($"{name} takes a whole number from {from} to {to}, not \"{text}\".");
    }

    /// <exception cref="UsageException">The value is not an http or https address.</exception>
    public Uri Address(string name, string otherwise)
    {
        var text = Value(name) ?? otherwise;
        if (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;

        throw new UsageException($"{name} takes an address such as {otherwise}, not \"{text}\".");
    }

    private void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values))
            _values[name] = values = [];

        values.Add(value);
    }
}
