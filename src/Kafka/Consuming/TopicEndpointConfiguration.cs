using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Middleware;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>What <see cref="ITopicEndpointConfigurator{TKey,T}"/> gathered.</summary>
internal sealed partial class TopicEndpointConfiguration<TKey, T>
    : ReceiveEndpointConfiguration, ITopicEndpointConfigurator<TKey, T>, IReceiveEndpointConfigurator
    where T : class
{
    private readonly IBusInstance _bus;
    private readonly IReceiveEndpointConfiguration _base;
    private readonly TopicEndpointDefinition _definition;
    private readonly List<Func<JsonTypes, MessageType<T>>> _types = [];
    private JsonTypes _json = JsonTypes.Default;
    private IDeserializer<T>? _values;
    private IDeserializer<TKey>? _keys;
    private BatchDispatch<T>? _dispatch;
    private Type? _batchConsumer;
    private bool _hasConsumers;

    public TopicEndpointConfiguration(IBusInstance bus, IReceiveEndpointConfiguration configuration, string[] topics, ConsumerConfig client)
        : base(bus.HostConfiguration, configuration)
    {
        _bus = bus;
        _base = configuration;
        _definition = TopicEndpointDefinition.Of(topics, client);
        base.PrefetchCount = _definition.PrefetchCount;
        PublishFaults = false;
        ConfigureConsumeTopology = false;
        this.ConfigureError(error =>
        {
            error.UseFilter(new GenerateFaultFilter());
            error.UseFilter(new FaultFilter());
        });
        this.ConfigureDeadLetter(skipped => skipped.UseFilter(new SkippedFilter()));
    }

    public override Uri HostAddress => _bus.HostConfiguration.HostAddress;

    public override Uri InputAddress => KafkaAddress.OfEndpoint(HostAddress, _definition.Topics, _definition.Group);

    public int MaxBatchSize { get => _definition.MaxBatchSize; set => _definition.MaxBatchSize = value; }

    public TimeSpan BatchLinger { get => _definition.BatchLinger; set => _definition.BatchLinger = value; }

    public new int PrefetchCount { get => _definition.PrefetchCount; set => base.PrefetchCount = _definition.PrefetchCount = value; }

    public long PrefetchBytes { get => _definition.PrefetchBytes; set => _definition.PrefetchBytes = value; }

    public int ConcurrentDeliveryLimit { get => _definition.ConcurrentDeliveryLimit; set => _definition.ConcurrentDeliveryLimit = value; }

    public new int? ConcurrentMessageLimit { get => _definition.ConcurrentMessageLimit; set => base.ConcurrentMessageLimit = _definition.ConcurrentMessageLimit = value; }

    public int BatchAttempts { get => _definition.BatchAttempts; set => _definition.BatchAttempts = value; }

    public Func<Exception, bool> IsTransient { get => _definition.IsTransient; set => _definition.IsTransient = value; }

    public FailurePolicy FailurePolicy { get => _definition.FailurePolicy; set => _definition.FailurePolicy = value; }

    public Func<string, string> DeadLetterTopic { get => _definition.DeadLetterTopic; set => _definition.DeadLetterTopic = value; }

    public TimeSpan CheckpointInterval { get => _definition.CheckpointInterval; set => _definition.CheckpointInterval = value; }

    public int CheckpointMessageCount { get => _definition.CheckpointMessageCount; set => _definition.CheckpointMessageCount = value; }

    public TimeSpan ShutdownTimeout { get => _definition.ShutdownTimeout; set => _definition.ShutdownTimeout = value; }

    public TimeSpan SessionTimeout { get => _definition.SessionTimeout; set => _definition.SessionTimeout = value; }

    public TimeSpan MaxPollInterval { get => _definition.MaxPollInterval; set => _definition.MaxPollInterval = value; }

    public string? GroupInstanceId { get => _definition.GroupInstanceId; set => _definition.GroupInstanceId = value; }

    public AutoOffsetReset AutoOffsetReset { get => _definition.AutoOffsetReset; set => _definition.AutoOffsetReset = value; }

    public TimeSpan RetryDelay { get => _definition.RetryDelay; set => _definition.RetryDelay = value; }

    public TimeSpan MaxRetryDelay { get => _definition.MaxRetryDelay; set => _definition.MaxRetryDelay = value; }

    public Action<ConsumerConfig>? ConfigureClient { get => _definition.ConfigureClient; set => _definition.ConfigureClient = value; }

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

    public void CreateIfMissing(Action<KafkaTopicOptions>? configure = null)
    {
        var options = new KafkaTopicOptions();
        configure?.Invoke(options);
        _definition.MissingTopics = options;
    }

    public void SetKeyDeserializer(IDeserializer<TKey> deserializer) => _keys = deserializer ?? throw new ArgumentNullException(nameof(deserializer));

    public void SetValueDeserializer(IDeserializer<T> deserializer) => _values = deserializer ?? throw new ArgumentNullException(nameof(deserializer));

    void IReceiveEndpointConfigurator.AddEndpointSpecification(IReceiveEndpointSpecification configurator)
    {
        _hasConsumers = true;
        AddEndpointSpecification(configurator);
    }

    public void ConfigureBatchConsumer<TConsumer>(IRegistrationContext context)
        where TConsumer : class, ITopicBatchConsumer<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_dispatch is not null)
        {
            throw new ConfigurationException(
                $"{_definition.Name} has a batch consumer already, and an endpoint takes one: give {typeof(TConsumer).Name} an endpoint with another group.");
        }

        var scopes = context.GetRequiredService<IServiceScopeFactory>();
        if (context.GetService<IServiceProviderIsService>()?.IsService(typeof(TConsumer)) == false)
        {
            throw new ConfigurationException(
                $"{typeof(TConsumer).Name} is not registered: call AddBatchConsumer<{typeof(TConsumer).Name}>() in AddRider.");
        }

        _batchConsumer = typeof(TConsumer);
        _dispatch = async (batch, cancellationToken) =>
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<TConsumer>().Consume(batch, cancellationToken).ConfigureAwait(false);
        };
    }

    public override IEnumerable<ValidationResult> Validate() =>
        base.Validate().Concat(Problems().Select(problem => this.Failure($"{_definition.Name}: {problem.Key}", problem.Message)));

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => CreateContext(rider: null);

    public override IReceivePipe CreateReceivePipe() => new LateConsumeObservers(base.CreateReceivePipe());

    /// <summary>Makes the endpoint, stopped.</summary>
    public TopicEndpoint Build(KafkaRider rider)
    {
        var deadLetters = new DeadLetterProducer(rider, _definition);
        var reader = Reader(rider.Serializers);
        if (_dispatch is { } dispatch)
        {
            return new TopicEndpoint(rider, _bus, _definition, (session, partition) =>
                new BatchWorker<T>(session, partition, _definition, reader, deadLetters, _batchConsumer!, dispatch));
        }

        var headers = _headers ?? rider.Headers;
        var pipeline = new MessagePipeline<TKey, T>(CreateContext(rider), HostAddress, Keys(rider.Serializers), headers, reader, TimeProvider.System);
        var limit = _definition.ConcurrentMessageLimit is { } most ? new SemaphoreSlim(most) : null;
        return new TopicEndpoint(rider, _bus, _definition, (session, partition) =>
            new MessageWorker(session, partition, _definition, pipeline, deadLetters, limit))
        {
            Stored = new StoredDispatch(
                pipeline,
                _definition,
                deadLetters,
                limit ?? new SemaphoreSlim(StoredDispatch.UsualLimit),
                rider.Loggers.CreateLogger<StoredDispatch>()),
        };
    }

    private IDeserializer<TKey> Keys(IKafkaSerializerFactory serializers) =>
        _keys ?? DefaultDeserializers.Find<TKey>() ?? serializers.GetDeserializer<TKey>();

    /// <summary>What the endpoint says itself comes before what the rider's factory makes.</summary>
    private IMessageReader<T> Reader(IKafkaSerializerFactory serializers)
    {
        if (_values is not null)
            return new DeserializedReader<T>(_values);

        return serializers is DefaultKafkaSerializerFactory || _types.Count > 0 || _json != JsonTypes.Default
            ? new MessageDecoder<T>(MessageTypes(), JsonTypeMember)
            : new DeserializedReader<T>(serializers.GetDeserializer<T>());
    }

    private TopicReceiveEndpointContext CreateContext(KafkaRider? rider)
    {
        ApplySpecifications(new ReceiveEndpointBuilder(this));
        var context = new TopicReceiveEndpointContext(_bus, this, _definition.Group, rider?.Scopes, rider?.SchedulesRedelivery == true);
        context.GetOrAddPayload(() => _bus.HostConfiguration.Topology);
        return context;
    }

    private IEnumerable<(string Key, string Message)> Problems()
    {
        foreach (var problem in _definition.Validate())
            yield return problem;

        if (_dispatch is null && !_hasConsumers)
        {
            yield return (
                "Consumer",
                "is missing: call ConfigureConsumer<TConsumer>(context), ConfigureSaga<TSaga>(context), or "
                + $"call ConfigureBatchConsumer<TConsumer>(context) with an ITopicBatchConsumer<{typeof(T).Name}>.");
        }

        if (_dispatch is not null && _hasConsumers)
        {
            yield return (
                "Consumer",
                $"is one too many: {_batchConsumer!.Name} takes batches, and others take messages one by one. Give them an endpoint of another group.");
        }

        if (_dispatch is not null && _definition.FailurePolicy != FailurePolicy.DeadLetter)
            yield return (nameof(FailurePolicy), $"is {_definition.FailurePolicy}, and batches know only {FailurePolicy.DeadLetter}.");

        if (string.IsNullOrEmpty(JsonTypeMember))
            yield return (nameof(JsonTypeMember), "is empty: name the JSON member that tells a message's type.");

        if (_values is null && _types.Count == 0 && typeof(T).IsAbstract && !typeof(T).IsInterface)
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
