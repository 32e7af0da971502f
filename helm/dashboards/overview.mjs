import { OURS, dashboard, graph, query, row, stat, table } from "./panels.mjs";

const quantile = (q, metric, by = "le") => `histogram_quantile(${q}, sum by (${by}) (rate(${metric}_bucket{${OURS}}[$__rate_interval])))`;
const requests = (more = "") => `rate(http_server_request_duration_seconds_count{${OURS}${more}}[$__rate_interval])`;
const ready = [{ type: "value", options: { 0: { text: "not ready", color: "red", index: 0 }, 1: { text: "ready", color: "green", index: 1 } } }];

export const overview = dashboard({
  name: "overview",
  title: "Overview",
  description: "Whether events come in, are applied and can be read, and what stands in the way if not.",
  rows: [
    row(
      "Now",
      stat("Alerts", "Alerts of this system that fire. docs/operations.md says of each what to do.", 'count(ALERTS{alertname=~"IotBus.+",alertstate="firing"}) or vector(0)', { unit: "short", thresholds: [[1, "red"]] }),
      stat("Accepted", "Events that Kafka has acknowledged, a second.", `sum(rate(iotbus_events_accepted_total{${OURS}}[$__rate_interval]))`, { unit: "ops" }),
      stat("Applied", "Events that had their effect in MongoDB, a second.", `sum(rate(iotbus_events_applied_total{${OURS}}[$__rate_interval]))`, { unit: "ops" }),
      stat("Lag", "Messages that are on Kafka and not applied. Alert above 50,000 a topic.", `sum(max by (group, topic, partition) (iotbus_consumer_lag{${OURS}}))`, { unit: "short", thresholds: [[10000, "yellow"], [50000, "red"]] }),
      stat("Age, p99", "99 of 100 events are younger than this when they are applied. It counts from the device's own clock. Alert above 5 minutes.", quantile(0.99, "iotbus_event_age_seconds"), { unit: "s", thresholds: [[60, "yellow"], [300, "red"]] }),
      stat("Dead letters, 24 h", "Messages that could not be applied and were put aside. Each is worth a look.", `sum(increase(iotbus_dead_letters_total{${OURS}}[24h])) or vector(0)`, { unit: "short", thresholds: [[1, "orange"]] }),
    ),
    row(
      "Flow",
      graph("Events", "What comes in and what is applied. The two lines lie on each other while nothing waits.", [
        query(`sum(rate(iotbus_events_accepted_total{${OURS}}[$__rate_interval]))`, "accepted"),
        query(`sum(rate(iotbus_events_applied_total{${OURS}}[$__rate_interval]))`, "applied"),
        query(`sum(rate(iotbus_events_duplicate_total{${OURS}}[$__rate_interval]))`, "repeats"),
        query(`sum(rate(iotbus_events_rejected_total{${OURS}}[$__rate_interval]))`, "rejected"),
      ], { unit: "ops" }),
      graph("Lag by topic", "Messages that wait, as the Processors see it.", [query(`sum by (topic) (max by (group, topic, partition) (iotbus_consumer_lag{${OURS}}))`, "{{topic}}")], { unit: "short", thresholds: [[50000, "red"]] }),
      graph("Age of events when applied", "From the event at the device to its effect.", [
        query(quantile(0.5, "iotbus_event_age_seconds"), "p50"),
        query(quantile(0.99, "iotbus_event_age_seconds"), "p99"),
      ], { unit: "s", thresholds: [[300, "red"]] }),
      graph("Requests that fail", "Share of the requests answered with 5xx. Alert above 1 %.", [
        // Without any failure there is no series of failures: then it is 0 of all.
        query(`(sum by (app_kubernetes_io_name) (${requests(',http_response_status_code=~"5.."')}) or 0 * sum by (app_kubernetes_io_name) (${requests()})) / sum by (app_kubernetes_io_name) (${requests()})`, "{{app_kubernetes_io_name}}"),
      ], { unit: "percentunit", thresholds: [[0.01, "red"]] }),
    ),
    row(
      "Services",
      stat("Readiness checks", "A service takes work while all its checks pass. 0 means that at least one replica's check fails.", `min by (app_kubernetes_io_name, check) (iotbus_ready{${OURS}})`, { legend: "{{app_kubernetes_io_name}} {{check}}", unit: "short", mappings: ready, width: 24, height: 5 }),
      graph("Replicas", "Those that answer Prometheus.", [query(`count by (app_kubernetes_io_name) (iotbus_build_info{${OURS}})`, "{{app_kubernetes_io_name}}")], { unit: "short", decimals: 0, width: 8 }),
      graph("Answer times, p99", "By service, without the batches of events, which take as long as they are.", [
        query(`histogram_quantile(0.99, sum by (le, app_kubernetes_io_name) (rate(http_server_request_duration_seconds_bucket{${OURS},http_route!="/events"}[$__rate_interval])))`, "{{app_kubernetes_io_name}}"),
      ], { unit: "s", thresholds: [[1, "red"]], width: 8 }),
      table("Versions", "More than one of a service while it is being replaced.", `count by (app_kubernetes_io_name, version) (iotbus_build_info{${OURS}})`, { unit: "short", value: "replicas", width: 8 }),
      graph("CPU", "Cores used, a replica.", [query(`rate(process_cpu_seconds_total{${OURS}}[$__rate_interval])`, "{{pod}}")], { unit: "short", width: 8 }),
      graph("Memory", "Resident memory, a replica. Its limit is a value of the chart.", [query(`process_resident_memory_bytes{${OURS}}`, "{{pod}}")], { unit: "bytes", width: 8 }),
      graph("Pauses", "Share of the time that the garbage collector holds a replica still.", [query(`rate(dotnet_gc_pause_seconds_total{${OURS}}[$__rate_interval])`, "{{pod}}")], { unit: "percentunit", thresholds: [[0.1, "orange"]], width: 8 }),
      graph("Starts", "Starts within the last 30 minutes, a replica. Alert above 2.", [query(`changes(process_start_time_seconds{${OURS}}[30m])`, "{{pod}}")], { unit: "short", decimals: 0, thresholds: [[3, "red"]] }),
      graph("Threads that wait for their turn", "Work items in the queue of the thread pool. A queue that stays means too little CPU.", [query(`dotnet_threadpool_queue_length{${OURS}}`, "{{pod}}")], { unit: "short" }),
    ),
  ],
});
