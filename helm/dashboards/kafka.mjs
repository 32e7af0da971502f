import { KAFKA, OURS, choice, dashboard, graph, query, row, stat, table } from "./panels.mjs";

const TOPIC = 'topic=~"$topic"';
const lag = `max by (group, topic, partition) (iotbus_consumer_lag{${OURS},${TOPIC}})`;
const exported = (metric, more = "") => `${metric}{${KAFKA},${TOPIC}${more}}`;
const GROUP = ',consumergroup=~"$group"';

export const kafka = dashboard({
  name: "kafka",
  title: "Kafka lag",
  description: "What waits on Kafka, how fast it goes, and whether Kafka itself is well. The second and third part need the Kafka exporter and the brokers' metrics of the chart's own Kafka.",
  variables: [
    choice("topic", "Topic", `label_values(iotbus_consumer_lag{${OURS}}, topic)`),
    choice("group", "Group", `label_values(iotbus_consumer_lag{${OURS}}, group)`),
  ],
  rows: [
    row(
      "What the Processors tell",
      stat("Lag", "Messages that are on Kafka and not applied.", `sum(${lag})`, { unit: "short", thresholds: [[10000, "yellow"], [50000, "red"]] }),
      stat("Until it is worked off", "Lag by the rate of the last 5 minutes, if nothing new came.", `sum(${lag}) / (sum(rate(iotbus_events_applied_total{${OURS}}[5m])) + sum(rate(iotbus_events_duplicate_total{${OURS}}[5m])) > 0)`, { unit: "s", thresholds: [[60, "yellow"], [600, "red"]], noValue: "stands still" }),
      stat("Paused partitions", "Partitions that wait: for the store, or because a batch fails. Their Processors' log says which and why.", `sum(iotbus_consumer_paused_partitions{${OURS}})`, { unit: "short", thresholds: [[1, "red"]] }),
      stat("Rebalances, 1 h", "How often partitions changed hands. Each costs a moment; many mean that replicas come and go, or miss their polls.", `sum(increase(iotbus_consumer_rebalances_total{${OURS}}[1h]))`, { unit: "short", thresholds: [[10, "yellow"], [60, "red"]] }),
      stat("From ready to committed, p99", "Alert-free up to the checkpoint interval and a round trip.", `histogram_quantile(0.99, sum by (le) (rate(iotbus_consumer_commit_seconds_bucket{${OURS}}[$__rate_interval])))`, { unit: "s", thresholds: [[2, "yellow"], [10, "red"]] }),
      stat("Partitions without a worker", "Partitions of which the exporter tells a lag and no Processor does.", `count((sum by (topic, partition) (${exported("kafka_consumergroup_lag", GROUP)})) unless on (topic, partition) (sum by (topic, partition) (iotbus_consumer_lag{${OURS}}))) or vector(0)`, { unit: "short", thresholds: [[1, "red"]] }),
      graph("Lag by topic", "Alert above 50,000 for 10 minutes.", [query(`sum by (topic) (${lag})`, "{{topic}}")], { unit: "short", thresholds: [[50000, "red"]] }),
      graph("Lag by partition", "One that stands out: its devices send more, or its batch fails.", [query(lag, "{{topic}}[{{partition}}]")], { unit: "short" }),
      graph("In and out", "When out stays below in, lag grows: add replicas, up to as many as there are partitions.", [
        query(`sum(rate(iotbus_events_accepted_total{${OURS}}[$__rate_interval]))`, "in"),
        query(`sum(rate(iotbus_events_applied_total{${OURS}}[$__rate_interval])) + sum(rate(iotbus_events_duplicate_total{${OURS}}[$__rate_interval]))`, "out"),
      ], { unit: "ops" }),
      graph("Partitions that change hands", "assigned and revoked belong to each start and stop; lost means that a replica missed its polls.", [query(`sum by (event) (increase(iotbus_consumer_rebalances_total{${OURS}}[$__rate_interval]))`, "{{event}}")], { unit: "short" }),
    ),
    row(
      "What Kafka tells of the group",
      graph("Lag, as committed", "The exporter counts what is not committed yet; the Processors what is not applied yet. Far apart for minutes: commits stand still.", [
        query(`sum by (topic) (${exported("kafka_consumergroup_lag", GROUP)})`, "{{topic}} not committed"),
        query(`sum by (topic) (${lag})`, "{{topic}} not applied"),
      ], { unit: "short" }),
      graph("Share of what Kafka keeps that is not applied", "At 100 % Kafka deletes events that were not applied. Alert above 80 %.", [
        query(`sum by (topic, partition) (${exported("kafka_consumergroup_lag", GROUP)}) / on (topic, partition) sum by (topic, partition) (${exported("kafka_topic_partition_current_offset")} - ${exported("kafka_topic_partition_oldest_offset")})`, "{{topic}}[{{partition}}]"),
      ], { unit: "percentunit", max: 1, thresholds: [[0.8, "red"]] }),
      graph("Messages written", "By topic, dead letters included if chosen.", [query(`sum by (topic) (rate(${exported("kafka_topic_partition_current_offset")}[$__rate_interval]))`, "{{topic}}")], { unit: "ops" }),
      table("Partitions", "Where the group stands, now.", `sum by (topic, partition) (${exported("kafka_consumergroup_lag", GROUP)})`, { unit: "short", value: "lag", thresholds: [[10000, "orange"]] }),
    ),
    row(
      "Kafka itself",
      stat("Brokers", "Those that the cluster knows now.", `max(kafka_brokers{${KAFKA}})`, { unit: "short" }),
      stat("Without a leader", "Partitions that nobody can write or read.", `max(kafka_controller_kafkacontroller_offlinepartitionscount{${KAFKA}})`, { unit: "short", thresholds: [[1, "red"]] }),
      stat("Below min.insync.replicas", "Partitions for which every event is refused.", `sum(kafka_server_replicamanager_underminisrpartitioncount{${KAFKA}})`, { unit: "short", thresholds: [[1, "red"]] }),
      stat("Under-replicated", "Partitions with fewer copies than they should have.", `sum(kafka_server_replicamanager_underreplicatedpartitions{${KAFKA}})`, { unit: "short", thresholds: [[1, "orange"]] }),
      stat("Active controllers", "The one that replaces leaders which fail. Must be 1.", `sum(kafka_controller_kafkacontroller_activecontrollercount{${KAFKA}})`, { unit: "short", mappings: [{ type: "value", options: { 1: { text: "1", color: "green", index: 0 } } }], thresholds: [[0, "red"]] }),
      stat("Failed disks", "Log directories that brokers cannot write.", `sum(kafka_log_logmanager_offlinelogdirectorycount{${KAFKA}})`, { unit: "short", thresholds: [[1, "red"]] }),
      graph("Bytes in and out", "Of all brokers, replication not counted.", [
        query(`sum(rate(kafka_server_brokertopicmetrics_bytesinpersec_total{${KAFKA},topic!=""}[$__rate_interval]))`, "in"),
        query(`sum(rate(kafka_server_brokertopicmetrics_bytesoutpersec_total{${KAFKA},topic!=""}[$__rate_interval]))`, "out"),
      ], { unit: "Bps" }),
      graph("On disk", "By topic, all copies together. The volumes' size is a value of the chart.", [query(`sum by (topic) (${exported("kafka_log_log_size")})`, "{{topic}}")], { unit: "bytes", stack: true }),
    ),
  ],
});
