using IotBus.DevHost.Simulation;

namespace IotBus.DevHost.Up;

/// <summary>What a person reads first: where things are, and lines that work when pasted.</summary>
internal static class Banner
{
    public static string Text(UpOptions options, Servers servers)
    {
        var api = Bare(options.Api);
        var reporting = Bare(options.Reporting);
        var devices = options.Simulator ? $"{Simulator.Devices} simulated, an event a second each" : "none simulated";
        return $$"""

            IotBus is up. Ctrl-C stops it.

              Events in      {{api}}   API key: {{DevelopmentKey.Value}}
              Reports out    {{reporting}}   the same key
              Commands       {{Bare(options.Commands)}}   the same key
              Kafka          {{servers.KafkaBootstrapServers}}{{(servers.KafkaIsEmbedded ? "   embedded, in memory" : "")}}
              MongoDB        {{servers.MongoDbShown}}{{(servers.MongoDbIsEmbedded ? "   stand-in, in memory" : "")}}
              Management     {{Bare(options.ApiManagement)}} (Api), {{options.ReportingManagement.Port}} (Reporting), {{options.ProcessorsManagement.Port}} (Processors): /health/ready, /metrics
              Devices        {{devices}}

            Send an event:

              curl -X POST -H 'apikey: {{DevelopmentKey.Value}}' -H 'Content-Type: application/json' -d '{"device_id":"sensor-42","zone_id":"warehouse-A","temperature":24.5,"humidity":45}' {{api}}/event/telemetry

            Read what came of it (also /metrics/boots, /metrics/alerts, /metrics/firmware, /metrics/activity/last7days, /devices):

              curl -H 'apikey: {{DevelopmentKey.Value}}' {{reporting}}/metrics/temperature/average-by-zone
              curl -H 'apikey: {{DevelopmentKey.Value}}' {{reporting}}/devices/sensor-42

            Roll a firmware out to a hall, wave by wave, and see where it stands at the address that is answered:

              curl -X POST -H 'apikey: {{DevelopmentKey.Value}}' -H 'Content-Type: application/json' -d '{"version":"2.0.0","zone":"hall-1","percent":25,"max_failures":3,"confirm_timeout":60}' -i {{Bare(options.Commands)}}/rollouts

            See what could not be applied, and take it back:

              ./iotbus dlq list

            """;
    }

    private static string Bare(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
