using IotBus.Persistence;
using MassTransit;

namespace IotBus.KillMatrix.Parcels;

/// <summary>A saga on a topic endpoint. It has no name: its successor has to find out that it is dead.</summary>
internal static class ParcelsHost
{
    public const string Scenario = "parcels";

    public static void AddParcels(this HostApplicationBuilder builder, HostSettings settings) => builder.AddOutboxBus(
        settings,
        instance: null,
        rider => rider.AddSagaStateMachine<ParcelMachine, Parcel>().MongoDbRepository(),
        (context, kafka) => kafka.TopicEndpoint<string, IParcelEvent>(settings.Topic, settings.Group, endpoint =>
        {
            settings.Tune(endpoint);
            endpoint.MessageType<ParcelPacked>("packed");
            endpoint.MessageType<ParcelMoved>("moved");
            endpoint.UseMongoDbMessageScheduler(context);
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureSaga<Parcel>(context);
        }));
}
