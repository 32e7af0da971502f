namespace IotBus.ServiceDefaults; internal static class Placeholder;
