using System.Reflection;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>MassTransit's test harness for what riders consume.</summary>
public static class KafkaTestHarnessExtensions
{
    private static readonly MethodInfo ConsumerMethod = Method(nameof(AddConsumer));
    private static readonly MethodInfo SagaMethod = Method(nameof(AddSaga));
    private static readonly MethodInfo StateMachineMethod = Method(nameof(AddStateMachine));

    /// <summary>
    /// Gives the consumers and sagas that riders registered their part of MassTransit's test harness: <c>GetConsumerHarness</c>, <c>GetSagaHarness</c>,
    /// <c>GetSagaStateMachineHarness</c>. Call it last, after <c>AddMassTransitTestHarness</c>, which itself looks at the bus's alone. Sagas keep the
    /// repository that they are registered with. <see cref="InMemoryKafkaExtensions"/> does it too.
    /// </summary>
    /// <exception cref="ConfigurationException">The container has no test harness.</exception>
    public static IServiceCollection AddKafkaTestHarness(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!IsThere<ITestHarness>(services))
            throw new ConfigurationException("There is no test harness: call AddMassTransitTestHarness before AddKafkaTestHarness.");

        foreach (var consumer in OfRiders<IConsumerRegistration>(services))
            ConsumerMethod.MakeGenericMethod(consumer.Type).Invoke(null, [services]);

        foreach (var saga in OfRiders<ISagaRegistration>(services))
        {
            var (method, types) = saga.GetType().GetGenericArguments() is [_, _] both ? (StateMachineMethod, both) : (SagaMethod, [saga.Type]);
            method.MakeGenericMethod(types).Invoke(null, [services]);
        }

        return services;
    }

    internal static bool IsThere<T>(IServiceCollection services) => services.Any(service => service.ServiceType == typeof(T));

    /// <summary>MassTransit keeps what a rider registered bound to its bus, and to a type of its own.</summary>
    private static List<TRegistration> OfRiders<TRegistration>(IServiceCollection services)
        where TRegistration : class, IRegistration => [.. services
            .Where(service => service.ServiceType is { IsConstructedGenericType: true } type && type.GetGenericArguments() is [_, _, var of] && of == typeof(TRegistration))
            .Select(service => service.ImplementationInstance)
            .OfType<object>()
            .Select(bind => bind.GetType().GetProperty("Value")?.GetValue(bind))
            .OfType<TRegistration>()];

    private static void AddConsumer<T>(IServiceCollection services)
        where T : class, IConsumer => services.AddConsumerContainerTestHarness<T>();

    private static void AddSaga<T>(IServiceCollection services)
        where T : class, ISaga => services.AddSagaContainerTestHarness<T>();

    private static void AddStateMachine<TStateMachine, T>(IServiceCollection services)
        where TStateMachine : class, SagaStateMachine<T>
        where T : class, SagaStateMachineInstance => services.AddSagaStateMachineContainerTestHarness<TStateMachine, T>();

    private static MethodInfo Method(string name) =>
        typeof(KafkaTestHarnessExtensions).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
