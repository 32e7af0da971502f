using IotBus.MongoDb;

namespace IotBus.Processors.Store;

internal static class StoreRegistration
{
    /// <summary>Adds the client, the database, their health, and the making of the collections at start.</summary>
    /// <exception cref="InvalidOperationException"><c>MongoDb:Uri</c> is not set.</exception>
    public static void AddStore(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var uri = configuration["MongoDb:Uri"]
            ?? throw new InvalidOperationException("MongoDb:Uri is not set. Set it, or MONGODB_URI, to the replica set: mongodb://host:27017/?replicaSet=rs0.");
        builder.Services.AddSingleton(_ => new MongoClient(new MongoClientOptions { Uri = uri, AppName = "iotbus-processors" }));
        builder.Services.AddSingleton(services => services.GetRequiredService<MongoClient>().GetDatabase(configuration["MongoDb:Database"] ?? "iotbus"));
        builder.Services.AddSingleton<StoreSetup>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StoreSetup>());
        builder.Services.AddHealthChecks().AddCheck<StoreHealth>("mongodb", tags: ["ready"]);
    }
}
