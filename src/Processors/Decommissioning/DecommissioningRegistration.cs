using IotBus.Persistence;
using IotBus.ServiceDefaults.Edge;
using MassTransit;

namespace IotBus.Processors.Decommissioning;

internal static class DecommissioningRegistration
{
    private static readonly TimeSpan PivotTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds what takes devices out of service.</summary>
    public static void AddDecommissioning(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<DecommissioningOptions>()
            .BindConfiguration(DecommissioningOptions.Section)
            .Validate(options => options.IsValid, "Decommissioning:Staleness must be 100 ms to 1 min, and Decommissioning:SettleTime at least that and at most 1 h.")
            .ValidateOnStart();
        services.AddSingleton<DecommissionedDevices>();
        services.AddHostedService<DecommissionedRefresh>();
        services.AddScoped<Operations>();

        // In the order in which they are done.
        services.AddSingleton<IDecommissionStep, WithdrawFromRollouts>();
        services.AddSingleton<IDecommissionStep, RemoveDeviceState>();
        services.AddSingleton<IDecommissionStep, PurgeHistory>();
        builder.AddPivot();
    }

    public static void AddDecommissionSaga(this IRegistrationConfigurator bus) =>
        bus.AddSagaStateMachine<DecommissionMachine, Decommission>().MongoDbRepository();

    /// <summary>The queue of the sagas; one message of a device at a time.</summary>
    public static void DecommissionEndpoint(this IBusFactoryConfigurator bus, IRegistrationContext context) =>
        bus.ReceiveEndpoint(DecommissionAddress.QueueName, endpoint =>
        {
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureSaga<Decommission>(context);
        });

    /// <summary>What takes a device's credentials away at the edge that there is.</summary>
    private static void AddPivot(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        if (builder.Configuration.GetValue("Edge:Mode", EdgeMode.Embedded) != EdgeMode.Kong)
            services.AddSingleton<IDecommissionPivot, EmbeddedEdgeCredentials>();
        else if (!string.IsNullOrEmpty(builder.Configuration[KubernetesCredentials.Namespace]))
            services.AddHttpClient<IDecommissionPivot, KubernetesCredentials>(http => http.Timeout = PivotTimeout).UseKubernetes();
        else
            services.AddHttpClient<IDecommissionPivot, KongCredentials>(http => http.Timeout = PivotTimeout);
    }
}
