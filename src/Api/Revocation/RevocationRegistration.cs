using IotBus.MongoDb;
using IotBus.ServiceDefaults.Edge;

namespace IotBus.Api.Revocation;

internal static class RevocationRegistration
{
    /// <summary>
    /// Where the embedded edge knows the callers and a store is configured, devices that were taken out of service are turned away. Kong knows it itself; and
    /// events need no store.
    /// </summary>
    public static void AddRevocation(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (string.IsNullOrEmpty(configuration["MongoDb:Uri"]) || configuration.GetValue("Edge:Mode", EdgeMode.Embedded) != EdgeMode.Embedded)
            return;

        builder.Services.AddSingleton(services => new MongoClient(new MongoClientOptions
        {
            Uri = configuration["MongoDb:Uri"]!,
            Username = configuration["MongoDb:Username"],
            Password = configuration["MongoDb:Password"],
            AppName = "iotbus-api",
        }));
        builder.Services.AddSingleton<RevokedConsumers>();
        builder.Services.AddSingleton<IRevokedConsumers>(services => services.GetRequiredService<RevokedConsumers>());
        builder.Services.AddHostedService(services => services.GetRequiredService<RevokedConsumers>());
    }
}
