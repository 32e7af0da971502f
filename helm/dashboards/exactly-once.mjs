import { OURS, dashboard, graph, heatmap, query, row, stat, table } from "./panels.mjs";

const increase = (metric, range = "$__range") => `sum(increase(${metric}{${OURS}}[${range}]))`;
const orZero = (expr) => `(${expr} or vector(0))`;
const rate = (metric) => `sum(rate(${metric}{${OURS}}[$__rate_interval]))`;
const quantile = (q, metric) => `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket{${OURS}}[$__rate_interval])))`;
const lag = `sum(max by (group, topic, partition) (iotbus_consumer_lag{${OURS}}))`;
const settled = ["iotbus_events_applied_total", "iotbus_events_duplicate_total", "iotbus_dead_letters_total"];

export const exactlyOnce = dashboard({
  name: "exactly-once",
  title: "Exactly once",
  description: "An event that was acknowledged is applied once, or is a dead letter: never lost, never applied twice, never in the way of others.",
  rows: [
    row(
      "The balance of the chosen time",
      stat("Accepted", "Events that Kafka has acknowledged.", orZero(increase("iotbus_events_accepted_total")), { unit: "short" }),
      stat("Applied", "Events that had their effect.", orZero(increase("iotbus_events_applied_total")), { unit: "short" }),
      stat("Repeats", "Events that had been applied before, and had no effect again: a device sent twice, or something was replayed.", orZero(increase("iotbus_events_duplicate_total")), { unit: "short" }),
      stat("Dead letters", "Messages that could not be applied.", orZero(increase("iotbus_dead_letters_total")), { unit: "short", thresholds: [[1, "orange"]] }),
      stat("Waiting", "Messages that are on Kafka and not applied, now.", lag, { unit: "short", thresholds: [[10000, "yellow"], [50000, "red"]] }),
      stat("Accepted and not settled", "Accepted less applied, repeats and dead letters. About the growth of lag over the same time: counts are extrapolated by Prometheus and restart with a replica, so small differences mean nothing. Below 0 after a replay, or while lag is worked off.", `${orZero(increase("iotbus_events_accepted_total"))} - ${settled.map((metric) => orZero(increase(metric))).join(" - ")}`, { unit: "short" }),
    ),
    row(
      "Over time",
      graph("What becomes of events", "Every message ends as one of these three.", [
        query(rate("iotbus_events_applied_total"), "applied"),
        query(rate("iotbus_events_duplicate_total"), "repeats"),
        query(rate("iotbus_dead_letters_total"), "dead letters"),
      ], { unit: "ops", stack: true }),
      graph("Share of repeats", "Rises when devices do not get their answers and send again, and during a replay. Alert above 50 %.", [
        query(`${rate("iotbus_events_duplicate_total")} / (${rate("iotbus_events_applied_total")} + ${rate("iotbus_events_duplicate_total")})`, "repeats"),
      ], { unit: "percentunit", max: 1, thresholds: [[0.5, "orange"]] }),
      graph("Dead letters by reason", "By topic and reason. See them with ./iotbus dlq list.", [query(`sum by (topic, reason) (increase(iotbus_dead_letters_total{${OURS}}[$__rate_interval]))`, "{{topic}} {{reason}}")], { unit: "short", stack: true }),
      table("Dead letters of the chosen time", "Mend the cause, then replay them.", `sum by (topic, reason) (increase(iotbus_dead_letters_total{${OURS}}[$__range])) > 0`, { unit: "short", value: "messages" }),
    ),
    row(
      "In time",
      graph("Time to apply a batch", "One transaction and one insert. Alert above 5 s.", [query(quantile(0.5, "iotbus_apply_seconds"), "p50"), query(quantile(0.99, "iotbus_apply_seconds"), "p99")], { unit: "s", thresholds: [[5, "red"]] }),
      heatmap("How the time to apply is spread", "Batches by how long they took.", `sum by (le) (increase(iotbus_apply_seconds_bucket{${OURS}}[$__rate_interval]))`, { unit: "s" }),
      graph("Age of events when applied", "Old events: lag, devices that were offline, or clocks that are wrong.", [query(quantile(0.5, "iotbus_event_age_seconds"), "p50"), query(quantile(0.99, "iotbus_event_age_seconds"), "p99")], { unit: "s", thresholds: [[300, "red"]] }),
      graph("From applied to committed", "Between the two, a crash makes Kafka send the batch again; progress knows it, and nothing happens twice.", [query(quantile(0.5, "iotbus_consumer_commit_seconds"), "p50"), query(quantile(0.99, "iotbus_consumer_commit_seconds"), "p99")], { unit: "s" }),
    ),
    row(
      "Nothing in the way",
      graph("Paused partitions", "A batch that fails for now is tried again for ever, and its partition waits. Nothing is skipped.", [query(`sum by (pod) (iotbus_consumer_paused_partitions{${OURS}})`, "{{pod}}")], { unit: "short", decimals: 0, thresholds: [[1, "orange"]], width: 8 }),
      graph("Applied one by one", "Messages that consumers of single messages work on.", [query(`sum by (group) (iotbus_consumer_in_flight{${OURS}})`, "{{group}}")], { unit: "short", width: 8 }),
      graph("Lost partitions", "A replica that missed its polls may have been replaced while it worked: its transaction fails, and the other one's counts.", [query(`sum by (pod) (increase(iotbus_consumer_rebalances_total{${OURS},event="lost"}[$__rate_interval]))`, "{{pod}}")], { unit: "short", decimals: 0, width: 8 }),
    ),
  ],
});
