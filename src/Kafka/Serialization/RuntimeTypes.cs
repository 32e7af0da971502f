namespace IotBus.Kafka;

/// <summary>As which type a message is written.</summary>
internal static class RuntimeTypes
{
    /// <summary>
    /// Its own; the declared one where MassTransit has made the class of an interface, whose attributes the class lacks and whose name nobody knows.
    /// </summary>
    public static Type Of<T>(object message) => Of(message.GetType(), typeof(T));

    /// <summary>The same without a declared type: the interface that a class of MassTransit's implements.</summary>
    public static Type Named(object message)
    {
        var own = message.GetType();
        return own.Assembly.IsDynamic ? own.GetInterfaces()[0] : own;
    }

    public static Type Of(Type own, Type declared) => own.Assembly.IsDynamic ? declared : own;
}
