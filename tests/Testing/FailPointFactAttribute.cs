using Xunit;

namespace IotBus.Testing;

/// <summary>A test that needs the <c>failCommand</c> fail point: reported as skipped on a server that was started without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FailPointFactAttribute : FactAttribute
{
    public FailPointFactAttribute() => Skip = FailPoints.SkipReason;
}
