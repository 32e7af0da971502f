namespace IotBus.Kafka;

/// <summary>As which type a message is written.</summary>
internal static class RuntimeTypes
{
    /// <summary>
    /// Its own; the declared one where MassTransit has made the class of an interface, whose attributes the class lacks and whose name nobody knows.
    /// </summary>
    public static Type Of<T>(object message) => Of(message.GetType(), typeof(T));

    public static Type Of(Type own, Type declared) => own.Assembly.IsDynamic ? declared : own;
}
