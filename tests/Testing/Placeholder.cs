namespace IotBus.Testing; internal static class Placeholder;
