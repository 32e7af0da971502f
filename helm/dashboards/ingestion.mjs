import { OURS, dashboard, graph, heatmap, query, row, stat } from "./panels.mjs";

const API = `${OURS},app_kubernetes_io_name="api"`;
const OUR_FAULT = 'reason=~"queue_full|backlog_full|not_acknowledged|refused"';
const SENDERS_FAULT = 'reason!~"queue_full|backlog_full|not_acknowledged|refused"';
const seconds = "http_server_request_duration_seconds";
const rate = (metric, labels = OURS) => `rate(${metric}{${labels}}[$__rate_interval])`;
const quantile = (q) => query(`histogram_quantile(${q}, sum by (le) (${rate(`${seconds}_bucket`, `${API},http_route!="/events"`)}))`, `p${q * 100}`);

export const ingestion = dashboard({
  name: "ingestion",
  title: "Ingestion",
  description: "What devices send, how they are answered, and whether Kafka takes it.",
  rows: [
    row(
      "Now",
      stat("Accepted", "Events acknowledged by all in-sync replicas, a second.", `sum(${rate("iotbus_events_accepted_total")})`, { unit: "ops" }),
      stat("Refused, our doing", "Events answered with 503, a second: Kafka does not take them. Devices send them again. Alert above 0.", `sum(${rate("iotbus_events_rejected_total", `${OURS},${OUR_FAULT}`)}) or vector(0)`, { unit: "ops", thresholds: [[0.001, "red"]] }),
      stat("Rejected, the senders' doing", "Share of what is sent that is invalid or not allowed. Alert above 5 %.", `sum(${rate("iotbus_events_rejected_total", `${OURS},${SENDERS_FAULT}`)}) / (sum(${rate("iotbus_events_accepted_total")}) + sum(${rate("iotbus_events_rejected_total")}))`, { unit: "percentunit", thresholds: [[0.01, "yellow"], [0.05, "red"]], noValue: "0" }),
      stat("Answer time, p99", "Of single events: until all in-sync replicas have it. Alert above 1 s.", quantile(0.99).expr, { unit: "s", thresholds: [[0.5, "yellow"], [1, "red"]] }),
      stat("Waiting for Kafka", "Events in the producers' queues of all replicas.", `sum(iotbus_produce_queue_depth{${API}})`, { unit: "short", thresholds: [[10000, "yellow"], [50000, "red"]] }),
      stat("Last 24 h", "Events accepted.", `sum(increase(iotbus_events_accepted_total{${OURS}}[24h]))`, { unit: "short" }),
    ),
    row(
      "Events",
      graph("Accepted by type", "Boots, readings, firmware updates, alerts.", [query(`sum by (type) (${rate("iotbus_events_accepted_total")})`, "{{type}}")], { unit: "ops", stack: true }),
      graph("Not accepted by reason", "queue_full, backlog_full, not_acknowledged and refused are ours (503); the rest is the senders'.", [query(`sum by (reason) (${rate("iotbus_events_rejected_total")})`, "{{reason}}")], { unit: "ops", stack: true }),
      graph("Turned away by the services' own edge", "Only without Kong: no key, the wrong one, or too many requests.", [query(`sum by (app_kubernetes_io_name, reason) (${rate("iotbus_edge_rejected_total")})`, "{{app_kubernetes_io_name}} {{reason}}")], { unit: "reqps" }),
      graph("Waiting for Kafka's acknowledgement", "The producer's queue, a replica. At 100,000 (Kafka:Producer:MaxQueuedMessages) it is full, and events are answered with 503.", [query(`iotbus_produce_queue_depth{${API}}`, "{{pod}}")], { unit: "short", thresholds: [[50000, "orange"], [100000, "red"]] }),
    ),
    row(
      "Requests",
      graph("By route", "Requests by what they ask for.", [query(`sum by (http_route) (${rate(`${seconds}_count`, API)})`, "{{http_route}}")], { unit: "reqps", stack: true }),
      graph("By answer", "200: on Kafka. 400: invalid. 401, 403, 429: the edge. 413, 415: too large, or no JSON. 503: send again.", [query(`sum by (http_response_status_code) (${rate(`${seconds}_count`, API)})`, "{{http_response_status_code}}")], { unit: "reqps", stack: true }),
      graph("Answer times of single events", "Until all in-sync replicas have the event.", [quantile(0.5), quantile(0.95), quantile(0.99)], { unit: "s", thresholds: [[1, "red"]] }),
      heatmap("How answer times are spread", "Requests by how long they took. Two bands often mean one slow broker or replica.", `sum by (le) (increase(${seconds}_bucket{${API}}[$__rate_interval]))`, { unit: "s" }),
      graph("Answer times of batches, p99", "Of POST /events, which is answered when its last event is on Kafka.", [query(`histogram_quantile(0.99, sum by (le) (${rate(`${seconds}_bucket`, `${API},http_route="/events"`)}))`, "p99")], { unit: "s" }),
      graph("Under way", "Requests that are being answered, a replica.", [query(`sum by (pod) (http_server_active_requests{${API}})`, "{{pod}}")], { unit: "short" }),
    ),
  ],
});
