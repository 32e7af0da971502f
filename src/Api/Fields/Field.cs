namespace IotBus.Api.Fields;

/// <summary>What was found where a member of an event should be.</summary>
internal enum FieldState : byte
{
    /// <summary>Nothing, or JSON's <c>null</c>.</summary>
    Missing,

    /// <summary>A value of another JSON type.</summary>
    WrongType,

    /// <summary>The right JSON type, but not to be read as what it should be: a text that is no UUID, an escape that is no character.</summary>
    Unreadable,

    /// <summary>A value, which may still break a rule.</summary>
    Present,
}

/// <summary>
/// A member of an event as it came. It holds faults as well as values, so that one faulty member does not hide the faults of the others.
/// </summary>
internal readonly record struct Field<T>(FieldState State, T? Value)
{
    public static Field<T> Missing => default;

    public static Field<T> WrongType => new(FieldState.WrongType, default);

    public static Field<T> Unreadable => new(FieldState.Unreadable, default);

    public bool IsPresent => State == FieldState.Present;

    public static Field<T> Of(T value) => new(FieldState.Present, value);
}
