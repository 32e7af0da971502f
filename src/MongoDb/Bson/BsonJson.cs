using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotBus.MongoDb;

/// <summary>Writes documents as relaxed extended JSON (MongoDB's Extended JSON v2), for logs and messages.</summary>
internal static class BsonJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(BsonDocument document) => Write(BsonValue.FromBsonDocument(document));

    public static string Write(BsonValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Options))
            WriteValue(json, value, depth: 1);

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter json, BsonValue value, int depth)
    {
        if (depth > BsonLimits.MaxDepth)
            throw new BsonFormatException($"Documents are nested deeper than {BsonLimits.MaxDepth}.");

        switch (value.Type)
        {
            case BsonType.Document:
                json.WriteStartObject();
                foreach (var element in value.AsDocument())
                {
                    json.WritePropertyName(element.Name);
                    WriteValue(json, element.Value, depth + 1);
                }

                json.WriteEndObject();
                break;
            case BsonType.Array:
                json.WriteStartArray();
                foreach (var element in value.AsDocument())
                    WriteValue(json, element.Value, depth + 1);

                json.WriteEndArray();
                break;
            default:
                WriteScalar(json, value);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.String:
                json.WriteStringValue(value.AsString());
                break;
            case BsonType.Int32 or BsonType.Int64:
                json.WriteNumberValue(value.AsInt64());
                break;
            case BsonType.Double when double.IsFinite(value.AsDouble()):
                json.WriteNumberValue(value.AsDouble());
                break;
            case BsonType.Double:
                WriteWrapped(json, "$numberDouble", value.AsDouble().ToString(CultureInfo.InvariantCulture));
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(value.AsBoolean());
                break;
            case BsonType.Null or 0:
                json.WriteNullValue();
                break;
            case BsonType.DateTime:
                WriteDate(json, BsonScalar.UnixMilliseconds(value.Type, value.Data.Span));
                break;
            case BsonType.Binary:
                WriteBinary(json, value);
                break;
            case BsonType.ObjectId:
                WriteWrapped(json, "$oid", Convert.ToHexStringLower(value.Data.Span));
                break;
            default:
                WriteWrapped(json, "$" + value.Type, Convert.ToHexStringLower(value.Data.Span));
                break;
        }
    }

    private static void WriteDate(Utf8JsonWriter json, long milliseconds)
    {
        const long lastMillisecondOf9999 = 253_402_300_799_999;
        WriteWrapped(json, "$date", milliseconds is >= 0 and <= lastMillisecondOf9999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)
            : milliseconds.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteBinary(Utf8JsonWriter json, BsonValue value)
    {
        var bytes = BsonScalar.Binary(value.Type, value.Data.Span, out var subtype);
        if (subtype == BsonWriter.UuidSubtype && bytes.Length == 16)
        {
            WriteWrapped(json, "$uuid", value.AsGuid().ToString());
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("$binary");
        json.WriteBase64String("base64", bytes);
        json.WriteString("subType", subtype.ToString("x2", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWrapped(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString(name, value);
        json.WriteEndObject();
    }
}
