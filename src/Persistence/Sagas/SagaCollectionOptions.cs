using System.Text;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>How a saga is stored.</summary>
internal sealed class SagaCollectionOptions(Type saga)
{
    public string Name { get; set; } = $"sagas.{SnakeCase(saga.Name)}";

    public bool KeepsCompleted { get; set; }

    public TimeSpan? KeepsFor { get; set; }

    public List<IndexModel> Indexes { get; } = [];

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('_');

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
