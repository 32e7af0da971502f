using IotBus.MongoDb;
using IotBus.ServiceDefaults;

namespace IotBus.Processors.Store;

internal static class StoreRegistration
{
    /// <summary>Adds the client, the database, their health, and the making of the collections at start.</summary>
    public static void AddStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services =>
        {
            var configuration = services.GetRequiredService<IConfiguration>();
            return new MongoClient(new MongoClientOptions
            {
                Uri = StoreAddress.Checked(configuration["MongoDb:Uri"]),
                Username = configuration["MongoDb:Username"],
                Password = configuration["MongoDb:Password"],
                AppName = "iotbus-processors",
            });
        });
        builder.Services.AddSingleton(services => services.GetRequiredService<MongoClient>()
            .GetDatabase(services.GetRequiredService<IConfiguration>()["MongoDb:Database"] ?? "iotbus"));
        builder.Services.AddSingleton<StoreSetup>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StoreSetup>());
        builder.Services.AddHealthChecks().AddCheck<StoreHealth>("mongodb", tags: [ServiceDefaultsExtensions.ReadyTag]);
    }
}
