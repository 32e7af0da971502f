using System.Globalization;
using System.Text.Json.Serialization;
using IotBus.MongoDb;

namespace IotBus.Persistence.Tests;

public sealed class BsonMapTests
{
    public enum Phase
    {
        Planned,
        Running,
    }

    public sealed record Wave(int Number, IReadOnlyList<string> Devices, Phase Phase = Phase.Planned);

    public sealed class Everything
    {
        public Guid Id { get; set; }

        public bool Flag { get; set; }

        public int? Maybe { get; set; }

        public long Large { get; set; }

        public decimal Price { get; set; }

        public double Ratio { get; set; }

        public string? Text { get; set; }

        public DateTime At { get; set; }

        public DateTimeOffset Since { get; set; }

        public TimeSpan Timeout { get; set; }

        public DateOnly Day { get; set; }

        public Uri? Address { get; set; }

        public byte[] Bytes { get; set; } = [];

        public Phase Phase { get; set; }

        public Wave? Current { get; set; }

        public List<Wave> Waves { get; set; } = [];

        public Dictionary<string, Phase> Devices { get; set; } = [];

        public Dictionary<Guid, int> Counts { get; set; } = [];

        public HashSet<int> Numbers { get; set; } = [];

        [JsonPropertyName("renamed")]
        public string Other { get; set; } = "";

        [JsonIgnore]
        public object Ignored { get; set; } = "";
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var written = new Everything
        {
            Id = Guid.NewGuid(),
            Flag = true,
            Large = long.MinValue,
            Price = -12.3400m,
            Ratio = 0.1,
            At = new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc),
            Since = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Timeout = TimeSpan.FromTicks(12345),
            Day = new DateOnly(2026, 2, 3),
            Address = new Uri("queue:orders"),
            Bytes = [1, 2, 3],
            Phase = Phase.Running,
            Current = new Wave(1, ["a", "b"], Phase.Running),
            Waves = [new Wave(2, [])],
            Devices = { ["dev.1"] = Phase.Running },
            Counts = { [Guid.Parse("00000000-0000-0000-0000-000000000001")] = 5 },
            Numbers = [3, 1],
            Other = "o",
        };

        var document = BsonMap.ToValue(written, typeof(Everything)).AsDocument();
        var read = (Everything)BsonMap.FromValue(document, typeof(Everything))!;

        Assert.Equivalent(written, read, strict: true);
        Assert.Equal(DateTimeKind.Utc, read.At.Kind);
        Assert.Equal("Running", document.GetString("Phase"));
        Assert.Equal("o", document.GetString("renamed"));
        Assert.True(document["Text"].IsNull);
        Assert.False(document.Contains("Ignored"));
        Assert.Equal(BsonType.Decimal128, document["Price"].Type);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0000000000000000000000000001")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("1.50")]
    public void A_decimal_keeps_its_value_and_its_places(string text)
    {
        var value = decimal.Parse(text, CultureInfo.InvariantCulture);

        var read = BsonDecimal.Read(BsonDecimal.Write(value));

        Assert.Equal(text, read.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_property_that_cannot_be_stored_is_named()
    {
        var refused = Assert.Throws<BsonMapException>(() => ((ObjectConverter)BsonMap.For(typeof(Unstorable))).Members);

        Assert.Contains("Unstorable.Anything", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_of_another_type_is_named()
    {
        var refused = Assert.Throws<BsonMapException>(() => BsonMap.FromValue(Bson.Document(("Flag", "yes")), typeof(Everything)));

        Assert.Contains("Everything.Flag", refused.Message, StringComparison.Ordinal);
    }

    public sealed class Unstorable
    {
        public object? Anything { get; set; }
    }
}
