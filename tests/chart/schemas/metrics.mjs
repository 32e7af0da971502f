// The metrics of others that alerts and dashboards may name, with their labels, written from what they say of themselves: Kafka exporter 1.9 (its README;
// Strimzi 1.0 to 1.2 runs it), Kafka 4.2 through Strimzi's metrics reporter (group, type and name of Kafka's metric, lower case, joined by _; its attributes
// are labels), and Kong 3.9's plugin prometheus. Only what is used is in them.

const topic = ["topic"], partition = ["topic", "partition"], group = ["consumergroup", "topic", "partition"];

const KAFKA_EXPORTER = {
  kafka_brokers: [],
  kafka_consumergroup_current_offset: group,
  kafka_consumergroup_lag: group,
  kafka_topic_partition_current_offset: partition,
  kafka_topic_partition_oldest_offset: partition,
  kafka_topic_partition_under_replicated_partition: partition,
};

const KAFKA = {
  kafka_controller_kafkacontroller_activecontrollercount: [],
  kafka_controller_kafkacontroller_offlinepartitionscount: [],
  kafka_log_log_size: partition,
  kafka_log_logmanager_offlinelogdirectorycount: [],
  kafka_server_brokertopicmetrics_bytesinpersec_total: topic,
  kafka_server_brokertopicmetrics_bytesoutpersec_total: topic,
  kafka_server_replicamanager_underminisrpartitioncount: [],
  kafka_server_replicamanager_underreplicatedpartitions: [],
};

const route = ["service", "route", "workspace"], dict = ["node_id", "shared_dict", "kong_subsystem"];
const histogram = (name, labels) => ({ [`${name}_bucket`]: [...labels, "le"], [`${name}_sum`]: labels, [`${name}_count`]: labels });

const KONG = {
  kong_bandwidth_bytes: [...route, "direction", "consumer"],
  kong_http_requests_total: [...route, "code", "source", "consumer"],
  ...histogram("kong_kong_latency_ms", route),
  ...histogram("kong_request_latency_ms", route),
  ...histogram("kong_upstream_latency_ms", route),
  kong_memory_lua_shared_dict_bytes: dict,
  kong_memory_lua_shared_dict_total_bytes: dict,
  kong_memory_workers_lua_vms_bytes: ["node_id", "pid", "kong_subsystem"],
  kong_nginx_connections_total: ["node_id", "subsystem", "state"],
  kong_node_info: ["node_id", "version"],
  kong_upstream_target_health: ["upstream", "target", "address", "state", "subsystem"],
};

// What the monitors add to every series.
const OF_PODS = ["namespace", "pod", "container", "endpoint", "instance", "job"];
const OF_SERVICES = [...OF_PODS, "service", "app_kubernetes_io_name", "app_kubernetes_io_instance"];
const OF_KAFKA = [...OF_PODS, "strimzi_io_cluster", "iotbus_io_part"];

const scraped = (metrics, labels) => Object.fromEntries(Object.entries(metrics).map(([name, own]) => [name, new Set([...own, ...labels])]));

/** Every metric that may be named, with the labels it has once Prometheus has it. Ours are those of docs/metrics.json, which a test compares with running services. */
export function known(catalogue) {
  const ours = Object.entries(catalogue).flatMap(([name, { type, labels }]) => Object.entries(type === "histogram" ? histogram(name, labels) : { [name]: labels }));
  return {
    ...scraped(Object.fromEntries(ours), OF_SERVICES),
    ...scraped({ ...KAFKA_EXPORTER, ...KAFKA }, OF_KAFKA),
    ...scraped(KONG, OF_PODS),
    // Prometheus' own.
    ...scraped({ up: [] }, [...OF_SERVICES, ...OF_KAFKA]),
    ...scraped({ ALERTS: ["alertname", "alertstate", "severity", "component"] }, []),
  };
}
