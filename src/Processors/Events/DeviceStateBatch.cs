using IotBus.Messages;

namespace IotBus.Processors.Events;

/// <summary>What a batch tells of its devices.</summary>
internal sealed class DeviceStateBatch
{
    private readonly Dictionary<string, DeviceState> _states = [];

    public IReadOnlyDictionary<string, DeviceState> States => _states;

    public void Add(SensorEvent sensorEvent)
    {
        if (!_states.TryGetValue(sensorEvent.DeviceId, out var state))
            _states.Add(sensorEvent.DeviceId, state = new DeviceState());

        state.Observe(sensorEvent);
    }
}
