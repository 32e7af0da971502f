namespace IotBus.DevMongo; internal static class Placeholder;
