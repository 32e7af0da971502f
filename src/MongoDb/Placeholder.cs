namespace IotBus.MongoDb; internal static class Placeholder;
