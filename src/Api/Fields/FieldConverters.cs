using System.Text.Json;
using System.Text.Json.Serialization;

namespace IotBus.Api.Fields;

/// <summary>Reads members of requests with <see cref="FieldReader"/>. Requests are read and never written.</summary>
internal abstract class FieldConverter<T> : JsonConverter<Field<T>>
{
    // A null is a missing member, not an error of the JSON.
    public override bool HandleNull => true;

    public override void Write(Utf8JsonWriter writer, Field<T> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A request is read only.");
}

internal sealed class TextFieldConverter : FieldConverter<string>
{
    public override Field<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => FieldReader.Text(ref reader);
}

internal sealed class IdFieldConverter : FieldConverter<Guid>
{
    public override Field<Guid> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => FieldReader.Id(ref reader);
}

internal sealed class TimestampFieldConverter : FieldConverter<DateTimeOffset>
{
    public override Field<DateTimeOffset> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        FieldReader.Timestamp(ref reader);
}

internal sealed class NumberFieldConverter : FieldConverter<double>
{
    public override Field<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => FieldReader.Number(ref reader);
}
