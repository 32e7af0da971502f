namespace IotBus.Reporting.Tests.Service;

/// <summary>A theory that makes the server fail on purpose, which a MongoDB started without <c>enableTestCommands</c> refuses to do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FailPointTheoryAttribute : TheoryAttribute
{
    public FailPointTheoryAttribute()
    {
        if (!string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("IOTBUS_TEST_MONGODB")))
            Skip = "Needs the failCommand fail point, which MongoDB offers only when started for tests.";
    }
}
