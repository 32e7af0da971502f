namespace IotBus.MongoDb.Lanes;

/// <summary>What libmongoc does with a command: which server it picks, and which of the URI's options it adds.</summary>
internal enum CommandKind
{
    /// <summary>As it is, on the primary.</summary>
    Raw,

    /// <summary>On a server as the URI's read preference has it, with its read concern.</summary>
    Read,

    /// <summary>On the primary, with the URI's write concern.</summary>
    Write,
}
