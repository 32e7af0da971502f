using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>What <see cref="ITopicEndpointConfigurator{T}"/> gathered.</summary>
internal sealed class TopicEndpointDefinition<T>(string[] topics, string group) : TopicEndpointDefinition(topics, group), ITopicEndpointConfigurator<T>
    where T : class
{
    private readonly List<Func<JsonTypes, MessageType<T>>> _types = [];
    private JsonTypes _json = JsonTypes.Default;
    private BatchDispatch<T>? _dispatch;

    /// <summary>The batch consumer; null when none is configured.</summary>
    public Type? ConsumerType { get; private set; }

    public string JsonTypeMember { get; set; } = "type";

    public void MessageType<TMessage>(string? jsonType = null)
        where TMessage : class, T => _types.Add(json => new MessageType<T, TMessage>(json, jsonType));

    public void UseJson(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _json = JsonTypes.Of(context);
    }

    public void UseJson(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _json = JsonTypes.Of(options);
    }

    public void ConfigureBatchConsumer<TConsumer>(IRegistrationContext context)
        where TConsumer : class, ITopicBatchConsumer<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_dispatch is not null)
        {
            throw new ConfigurationException(
                $"{Name} has a batch consumer already, and an endpoint takes one: give {typeof(TConsumer).Name} an endpoint with another group.");
        }

        var scopes = context.GetRequiredService<IServiceScopeFactory>();
        if (context.GetService<IServiceProviderIsService>()?.IsService(typeof(TConsumer)) == false)
        {
            throw new ConfigurationException(
                $"{typeof(TConsumer).Name} is not registered: call AddBatchConsumer<{typeof(TConsumer).Name}>() in AddRider.");
        }

        ConsumerType = typeof(TConsumer);
        _dispatch = async (batch, cancellationToken) =>
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<TConsumer>().Consume(batch, cancellationToken).ConfigureAwait(false);
        };
    }

    public override TopicEndpoint Create(KafkaRider rider, IBusInstance bus)
    {
        var decoder = new MessageDecoder<T>(MessageTypes(), JsonTypeMember);
        var deadLetters = new DeadLetterProducer(rider, this);
        var dispatch = _dispatch!;
        return new TopicEndpoint(rider, bus, this, (session, partition) =>
            new PartitionWorker<T>(session, partition, this, decoder, deadLetters, dispatch));
    }

    public override IEnumerable<(string Key, string Message)> Validate()
    {
        foreach (var problem in base.Validate())
            yield return problem;

        if (_dispatch is null)
            yield return ("Consumer", $"is missing: call ConfigureBatchConsumer<TConsumer>(context) with an ITopicBatchConsumer<{typeof(T).Name}>.");

        if (string.IsNullOrEmpty(JsonTypeMember))
            yield return (nameof(JsonTypeMember), "is empty: name the JSON member that tells a message's type.");

        if (_types.Count == 0 && typeof(T).IsAbstract)
        {
            yield return (
                "MessageType",
                $"is missing, and {typeof(T).Name} is abstract: call MessageType<TMessage>(\"name\") for each type on the topic.");
        }

        foreach (var problem in TypeProblems())
            yield return problem;
    }

    private IEnumerable<(string Key, string Message)> TypeProblems()
    {
        List<MessageType<T>> types = [];
        foreach (var create in _types)
        {
            string? problem = null;
            try
            {
                types.Add(create(_json));
            }
            catch (NotSupportedException exception)
            {
                problem = exception.Message;
            }

            if (problem is not null)
                yield return ("UseJson", problem);
        }

        foreach (var name in types.Where(type => type.JsonType is not null).GroupBy(type => type.JsonType).Where(same => same.Count() > 1))
        {
            var names = string.Join(" and ", name.Select(type => type.Type.Name));
            yield return ("MessageType", $"'{name.Key}' stands for {names}: give each type its own name.");
        }
    }

    private MessageType<T>[] MessageTypes() =>
        _types.Count == 0 ? [new MessageType<T, T>(_json, null)] : [.. _types.Select(create => create(_json))];
}
