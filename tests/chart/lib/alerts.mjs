import { KAFKA_ALERTS } from "./alerts-kafka.mjs";
import { KONG_ALERTS } from "./alerts-kong.mjs";

// For each alert: series under which it fires, and series under which it keeps silent. Series are in promtool's notation, a value a minute; to each come the
// labels that scraping gives it: scrape, or those of our services.
const API = { app_kubernetes_io_name: "api", pod: "api-1" };
const PROCESSORS = { app_kubernetes_io_name: "processors", pod: "processors-1" };
const REPORTING = { app_kubernetes_io_name: "reporting", pod: "reporting-1" };

const ready = (service, check, values) => ({ metric: "iotbus_ready", labels: { ...service, check }, values });
const counter = (metric, service, labels, values) => ({ metric, labels: { ...service, ...labels }, values });
const requests = (service, code, values) =>
  counter("http_server_request_duration_seconds_count", service, { http_response_status_code: code, http_route: "/event/telemetry" }, values);

/** A histogram of which every sample is at most 0.5 s, or else between 0.5 s and 1,000 s. */
const histogram = (metric, service, slow) => [["0.5", slow ? "0x60" : "0+60x60"], ["1000", "0+60x60"], ["+Inf", "0+60x60"]]
  .map(([le, values]) => counter(`${metric}_bucket`, service, { http_route: "/event/telemetry", le }, values));

/** A service that answered until a quarter of an hour ago, or answers still. */
const missing = (service) => ({
  fires: [ready(service, "lifetime", "1x45 stale")],
  silent: [ready(service, "lifetime", "1x60")],
});

export const ALERTS = {
  ...KAFKA_ALERTS,
  ...KONG_ALERTS,
  "IotBusServiceMissing api": missing(API),
  "IotBusServiceMissing processors": missing(PROCESSORS),
  "IotBusServiceMissing reporting": missing(REPORTING),
  IotBusReplicaDown: {
    fires: [{ metric: "up", labels: API, values: "0x60" }],
    silent: [{ metric: "up", labels: API, values: "1x58 0 0" }],
  },
  IotBusNotReady: {
    fires: [ready(REPORTING, "mongodb", "0x60")],
    silent: [ready(REPORTING, "mongodb", "1x57 0 0 0")],
  },
  IotBusRestarts: {
    fires: [{ metric: "process_start_time_seconds", labels: API, values: "1x40 2x5 3x5 4x10" }],
    silent: [{ metric: "process_start_time_seconds", labels: API, values: "1x40 2x5 3x15" }],
  },
  IotBusKafkaUnreachable: {
    fires: [ready(API, "kafka", "0x60"), ready(PROCESSORS, "kafka", "0x60")],
    silent: [ready(API, "kafka", "0x60"), ready(PROCESSORS, "kafka", "1x60")],
  },
  IotBusMongoDbUnreachable: {
    fires: [ready(REPORTING, "mongodb", "0x60"), ready(PROCESSORS, "mongodb", "0x60")],
    silent: [ready(REPORTING, "mongodb", "1x60"), ready(PROCESSORS, "mongodb", "0x60")],
  },
  IotBusEventsRefused: {
    fires: [counter("iotbus_events_rejected_total", API, { reason: "queue_full" }, "0+1x60")],
    silent: [counter("iotbus_events_rejected_total", API, { reason: "queue_full" }, "5x60"), counter("iotbus_events_rejected_total", API, { reason: "invalid" }, "0+1x60")],
  },
  IotBusProduceQueueFills: {
    fires: [counter("iotbus_produce_queue_depth", API, {}, "50001x60")],
    silent: [counter("iotbus_produce_queue_depth", API, {}, "50000x60")],
  },
  IotBusApiErrors: {
    fires: [requests(API, "200", "0+98x60"), requests(API, "503", "0+2x60")],
    silent: [requests(API, "200", "0+995x60"), requests(API, "503", "0+5x60"), requests(REPORTING, "503", "0+99x60")],
  },
  IotBusApiSlow: {
    fires: histogram("http_server_request_duration_seconds", API, true),
    silent: [...histogram("http_server_request_duration_seconds", API, false), ...histogram("http_server_request_duration_seconds", REPORTING, true)],
  },
  IotBusManyInvalidEvents: {
    fires: [counter("iotbus_events_accepted_total", API, { type: "boot" }, "0+90x60"), counter("iotbus_events_rejected_total", API, { reason: "invalid" }, "0+10x60")],
    silent: [counter("iotbus_events_accepted_total", API, { type: "boot" }, "0+96x60"), counter("iotbus_events_rejected_total", API, { reason: "invalid" }, "0+4x60")],
  },
  IotBusEdgeRejections: {
    fires: [counter("iotbus_edge_rejected_total", API, { reason: "unauthorized" }, "0+660x60")],
    silent: [counter("iotbus_edge_rejected_total", API, { reason: "unauthorized" }, "0+540x60")],
  },
  IotBusDevicesSilent: {
    fires: [counter("iotbus_events_accepted_total", API, { type: "boot" }, "0+1x20 20x40")],
    silent: [counter("iotbus_events_accepted_total", API, { type: "boot" }, "0+1x60")],
  },
  IotBusLag: {
    fires: [0, 1].map((partition) => counter("iotbus_consumer_lag", PROCESSORS, { group: "g", topic: "t", partition }, "30000x60")),
    silent: [0, 1].map((partition) => counter("iotbus_consumer_lag", PROCESSORS, { group: "g", topic: "t", partition }, "20000x60")),
  },
  IotBusStandsStill: {
    fires: [
      counter("iotbus_consumer_lag", PROCESSORS, { group: "g", topic: "t", partition: 0 }, "7x60"),
      counter("iotbus_events_applied_total", PROCESSORS, {}, "9x60"),
      counter("iotbus_events_duplicate_total", PROCESSORS, {}, "0x60"),
      counter("iotbus_dead_letters_total", PROCESSORS, { topic: "t", reason: "r" }, "0x60"),
    ],
    silent: [
      counter("iotbus_consumer_lag", PROCESSORS, { group: "g", topic: "t", partition: 0 }, "7x60"),
      counter("iotbus_events_applied_total", PROCESSORS, {}, "0+9x60"),
      counter("iotbus_events_duplicate_total", PROCESSORS, {}, "0x60"),
      counter("iotbus_dead_letters_total", PROCESSORS, { topic: "t", reason: "r" }, "0x60"),
    ],
  },
  IotBusPartitionsPaused: {
    fires: [counter("iotbus_consumer_paused_partitions", PROCESSORS, { group: "g" }, "1x60")],
    silent: [counter("iotbus_consumer_paused_partitions", PROCESSORS, { group: "g" }, "0x57 1 1 1")],
  },
  IotBusEventsOld: {
    fires: histogram("iotbus_event_age_seconds", PROCESSORS, true),
    silent: histogram("iotbus_event_age_seconds", PROCESSORS, false),
  },
  IotBusApplySlow: {
    fires: histogram("iotbus_apply_seconds", PROCESSORS, true),
    silent: histogram("iotbus_apply_seconds", PROCESSORS, false),
  },
  IotBusDeadLetters: {
    fires: [counter("iotbus_dead_letters_total", PROCESSORS, { topic: "t", reason: "invalid" }, "0x55 1x5")],
    silent: [counter("iotbus_dead_letters_total", PROCESSORS, { topic: "t", reason: "invalid" }, "0x30 1x30")],
  },
  IotBusManyDuplicates: {
    fires: [counter("iotbus_events_applied_total", PROCESSORS, {}, "0+4x60"), counter("iotbus_events_duplicate_total", PROCESSORS, {}, "0+6x60")],
    silent: [counter("iotbus_events_applied_total", PROCESSORS, {}, "0+6x60"), counter("iotbus_events_duplicate_total", PROCESSORS, {}, "0+4x60")],
  },
  IotBusReportingErrors: {
    fires: [requests(REPORTING, "200", "0+98x60"), requests(REPORTING, "500", "0+2x60")],
    silent: [requests(REPORTING, "200", "0+995x60"), requests(REPORTING, "500", "0+5x60"), requests(API, "503", "0+99x60")],
  },
  IotBusReportingSlow: {
    fires: histogram("http_server_request_duration_seconds", REPORTING, true),
    silent: [...histogram("http_server_request_duration_seconds", REPORTING, false), ...histogram("http_server_request_duration_seconds", API, true)],
  },
};
