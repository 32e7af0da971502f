using System.Text;

namespace IotBus.Api.Tests.Rules;

/// <summary>Bodies that a device could send, most of them wrong somewhere: valid members, members of every wrong kind, and bytes changed at random. The same seed gives the same.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Members =
    [
        "device_id", "zone_id", "firmware", "temperature", "humidity", "version_to", "error_code", "severity", "event_id", "timestamp",
        "type", "update_to", "x", "", "devic\\u0065_id", "\\ud800", "\\ud83d\\ude00",
    ];

    private static readonly string[] Values =
    [
        "\"sensor-42\"", "\"warehouse-A\"", "\"\"", "\" \"", "\"a b\"", "\"\\u0061\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"ä\"", "\"\\\"\"", "\"\\\\n\\/\"",
        "24.5", "45", "-273.15", "-273.151", "2000", "2000.01", "1e3", "1e999", "-0", "0", "100", "100.1", "123456789012345678901234567890",
        "\"24.5\"", "\" 1 \"", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1e999\"", "\"0x1\"", "\"1,5\"", "\"+7\"",
        "null", "true", "false", "[]", "{}", "[1,[2,{\"a\":null}]]", "{\"device_id\":\"y\"}",
        "\"low\"", "\"HIGH\"", "\"Critical\"", "\"urgent\"",
        "\"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f\"", "\"00000000-0000-0000-0000-000000000000\"", "\"0198f7a25c1e7d3b9a406b1f2c3d4e5f\"", "\"\\u00300198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5\"",
        "\"2026-05-04T03:02:01Z\"", "\"2026-05-04T03:02:01\"", "\"2026-05-05T03:02:01Z\"", "\"2026-05-05T03:02:02Z\"", "\"2026-05-04T03:02:01+14:00\"",
        "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"2026-13-01\"", "\"2026-05-04\"", "\"\\u0032026-05-04\"", "1777863721",
        "\"boot\"", "\"telemetry\"", "\"firmware_update\"", "\"alert\"", "\"b\\u006fot\"", "\"reboot\"",
    ];

    private static readonly Dictionary<string, (string Member, string Value)[]> Valid = new()
    {
        ["boot"] = [("device_id", "\"d\""), ("zone_id", "\"z\"")],
        ["telemetry"] = [("device_id", "\"d\""), ("zone_id", "\"z\""), ("temperature", "1.5"), ("humidity", "\"2\"")],
        ["firmware_update"] = [("device_id", "\"d\""), ("version_to", "\"2\"")],
        ["alert"] = [("device_id", "\"d\""), ("error_code", "\"E\""), ("severity", "\"Low\"")],
    };

    private readonly Random _random = new(seed);

    public string Type() => Valid.Keys.ElementAt(_random.Next(Valid.Count));

    /// <summary>A well-formed object whose members may break any rule, without <c>type</c>.</summary>
    public string Object(string type)
    {
        var members = Valid[type].Where(_ => _random.Next(8) != 0).ToList();
        for (var i = _random.Next(4); i > 0; i--)
        {
            var name = Members[_random.Next(Members.Length)];
            if (name is not "type" and not "\\ud800")
                members.Insert(_random.Next(members.Count + 1), (name, Values[_random.Next(Values.Length)]));
        }

        return "{" + string.Join(",", members.Select(member => $"{Space()}\"{member.Member}\"{Space()}:{Space()}{member.Value}{Space()}")) + "}";
    }

    /// <summary>Anything at all: an object with bytes changed, removed, doubled or cut off, or noise.</summary>
    public byte[] Bytes(string type)
    {
        if (_random.Next(20) == 0)
        {
            var noise = new byte[_random.Next(200)];
            _random.NextBytes(noise);
            return noise;
        }

        var bytes = new List<byte>(Encoding.UTF8.GetBytes(Object(type)));
        for (var i = _random.Next(5); i > 0 && bytes.Count > 0; i--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"{}[]\",:\\ue0-tfn"[_random.Next(15)]);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(20), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(_random.Next(20), bytes.Count - at));
                    break;
            }
        }

        return [.. bytes];
    }

    private string Space() => _random.Next(6) == 0 ? " " : "";
}
