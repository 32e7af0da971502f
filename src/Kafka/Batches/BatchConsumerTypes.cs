namespace IotBus.Kafka;

/// <summary>Which messages a batch consumer takes.</summary>
internal static class BatchConsumerTypes
{
    /// <summary>The <see cref="ITopicBatchConsumer{T}"/>s that a type implements.</summary>
    public static IEnumerable<Type> Implemented(Type consumer) =>
        consumer.GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ITopicBatchConsumer<>));
}
