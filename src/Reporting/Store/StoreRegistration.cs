using IotBus.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace IotBus.Reporting.Store;

internal static class StoreRegistration
{
    /// <summary>Adds the collections, the question to MongoDB that readiness asks, and 503 for when it is away.</summary>
    public static void AddReportingStore(this IServiceCollection services)
    {
        services.AddOptions<ReportingStoreOptions>()
            .BindConfiguration("MongoDb")
            .Validate(options => options.Uri.Length > 0, "MongoDb:Uri is not set. An example: MONGODB_URI=mongodb://127.0.0.1:27017/?replicaSet=rs0")
            .Validate(
                options => options.QueryTimeout > TimeSpan.Zero && options.ServerSelectionTimeout > TimeSpan.Zero,
                "MongoDb:QueryTimeout and MongoDb:ServerSelectionTimeout must be above zero.")
            .ValidateOnStart();
        services.AddSingleton(provider => new ReportingStore(provider.GetRequiredService<IOptions<ReportingStoreOptions>>().Value));
        services.AddHealthChecks().AddCheck<MongoDbReadiness>("mongodb", tags: [ServiceDefaultsExtensions.ReadyTag]);
        services.AddExceptionHandler<StoreUnavailableHandler>();
        services.AddProblemDetails();
    }
}
