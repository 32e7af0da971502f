namespace IotBus.Reporting.Parameters;

/// <summary>
/// The parameters of an endpoint, bound as text by the framework and read here, so that a bad one is answered by name and rule rather than by the
/// framework's bare 400.
/// </summary>
internal interface ICheckedParameters
{
    /// <summary>Reads the text into values; what cannot be read goes to <paramref name="errors"/>, and the values must then not be used.</summary>
    void Read(ParameterErrors errors, TimeProvider time);
}
