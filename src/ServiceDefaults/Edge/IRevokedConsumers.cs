namespace IotBus.ServiceDefaults.Edge;

/// <summary>Who may no longer call, whatever key they have. Asked for each request: it must answer from memory. Thread-safe.</summary>
public interface IRevokedConsumers
{
    bool Contains(string username);
}
