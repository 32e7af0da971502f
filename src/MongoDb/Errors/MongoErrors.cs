using IotBus.MongoDb.Native;

namespace IotBus.MongoDb;

/// <summary>Makes exceptions of what libmongoc and the server say.</summary>
internal static class MongoErrors
{
    /// <summary>An exception of libmongoc's error and the server's reply, if there is one.</summary>
    /// <param name="networkLabel">A label for errors of which the server knows nothing.</param>
    public static MongoException Create(in BsonError error, BsonDocument reply, string? networkLabel = null)
    {
        var text = error.Text;
        var failure = Classify(error.Domain, error.Code, text);
        var labels = Labels(reply);
        if (networkLabel is not null && failure is MongoFailure.Network or MongoFailure.ServerSelection && !labels.Contains(networkLabel))
            labels = [.. labels, networkLabel];

        return new MongoException(failure, Describe(failure, text), Code(failure, error, reply), CodeName(reply), labels);
    }

    public static string[] Labels(BsonDocument reply)
    {
        if (!reply.TryGetDocument("errorLabels"u8, out var array))
            return [];

        var labels = new List<string>();
        foreach (var element in array)
            labels.Add(element.Value.AsString());

        return [.. labels];
    }

    /// <summary>The values are those of <c>mongoc_error_domain_t</c> and <c>mongoc_error_code_t</c> in mongoc-error.h.</summary>
    private static MongoFailure Classify(uint domain, uint code, string text)
    {
        const uint client = 1, stream = 2, protocol = 3, sasl = 7, command = 11, scram = 14, selection = 15, writeConcern = 16, server = 17;
        const uint notReady = 7, authenticate = 11, invalidReply = 14;
        return domain switch
        {
            stream => MongoFailure.Network,
            protocol when code == invalidReply => MongoFailure.Network,
            selection => MongoFailure.ServerSelection,
            server or writeConcern => MongoFailure.Server,
            sasl or scram => MongoFailure.Authentication,
            client when code == authenticate => MongoFailure.Authentication,
            client when code == notReady => MongoFailure.Network,

            // The server was lost between being selected and being sent to: nothing was sent.
            command when text.StartsWith("Cannot assemble command for invalidated server", StringComparison.Ordinal) => MongoFailure.Network,
            _ => MongoFailure.Usage,
        };
    }

    private static int Code(MongoFailure failure, in BsonError error, BsonDocument reply)
    {
        if (reply.TryGetInt32("code"u8, out var code))
            return code;

        return failure is MongoFailure.Server ? (int)error.Code : 0;
    }

    private static string? CodeName(BsonDocument reply) => reply.TryGetString("codeName"u8, out var name) ? name : null;

    private static string Describe(MongoFailure failure, string text) => failure switch
    {
        MongoFailure.Network => $"The connection to MongoDB failed: {text}",
        MongoFailure.ServerSelection => $"No MongoDB server can be used: {text}",
        MongoFailure.Authentication => $"MongoDB refused the credentials: {text}",
        _ => text,
    };
}
