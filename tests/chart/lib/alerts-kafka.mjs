// Series for the alerts on what Kafka's pods tell: see alerts.mjs.
const scrape = { strimzi_io_cluster: "iotbus-kafka", namespace: "kafka" };
const EXPORTER = { iotbus_io_part: "kafka-exporter", pod: "iotbus-kafka-kafka-exporter-1" };
const GROUP = "iotbus-processors";

const exported = (metric, labels, values) => ({ metric, labels: { ...EXPORTER, ...labels }, values, scrape });
const lag = (values, labels = {}) => exported("kafka_consumergroup_lag", { consumergroup: GROUP, topic: "t", partition: 0, ...labels }, values);
const committed = (values) => exported("kafka_consumergroup_current_offset", { consumergroup: GROUP, topic: "t", partition: 0 }, values);
const newest = (values) => exported("kafka_topic_partition_current_offset", { topic: "t", partition: 0 }, values);
const oldest = (values) => exported("kafka_topic_partition_oldest_offset", { topic: "t", partition: 0 }, values);
const told = (part, pod, metric, values) => ({ metric, labels: { iotbus_io_part: part, pod }, values, scrape });
const ours = (values) => ({ metric: "iotbus_consumer_lag", labels: { app_kubernetes_io_name: "processors", pod: "processors-1", group: GROUP, topic: "t", partition: 0 }, values });

export const KAFKA_ALERTS = {
  IotBusKafkaMetricsMissing: {
    fires: [exported("kafka_brokers", {}, "3x45 stale")],
    silent: [exported("kafka_brokers", {}, "3x60")],
  },
  IotBusKafkaBrokerMissing: {
    fires: [exported("kafka_brokers", {}, "3x50 2x10")],
    silent: [exported("kafka_brokers", {}, "2x30 3x30")],
  },
  IotBusKafkaUnderReplicated: {
    fires: [exported("kafka_topic_partition_under_replicated_partition", { topic: "t", partition: 0 }, "0x40 1x20")],
    silent: [exported("kafka_topic_partition_under_replicated_partition", { topic: "t", partition: 0 }, "0x50 1x10")],
  },
  IotBusKafkaBelowMinInsync: {
    fires: [told("kafka-broker", "b-0", "kafka_server_replicamanager_underminisrpartitioncount", "0x50 2x10")],
    silent: [told("kafka-broker", "b-0", "kafka_server_replicamanager_underminisrpartitioncount", "2x50 0x10")],
  },
  IotBusKafkaPartitionsOffline: {
    fires: [told("kafka-controller", "c-0", "kafka_controller_kafkacontroller_offlinepartitionscount", "0x50 1x10")],
    silent: [told("kafka-controller", "c-0", "kafka_controller_kafkacontroller_offlinepartitionscount", "0x60")],
  },
  IotBusKafkaController: {
    fires: [0, 1, 2].map((pod) => told("kafka-controller", `c-${pod}`, "kafka_controller_kafkacontroller_activecontrollercount", "0x60")),
    silent: [0, 1, 2].map((pod) => told("kafka-controller", `c-${pod}`, "kafka_controller_kafkacontroller_activecontrollercount", pod === 1 ? "1x60" : "0x60")),
  },
  IotBusLagUnseen: {
    fires: [lag("7x60"), lag("7x60", { topic: "u" }), { ...ours("7x60"), labels: { ...ours("").labels, topic: "u" } }],
    silent: [lag("7x60"), ours("7x60"), lag("7x60", { consumergroup: "another", topic: "v" })],
  },
  IotBusCommitsStandStill: {
    fires: [lag("60000x60"), ours("9000x60")],
    silent: [lag("60000x60"), ours("11000x60")],
  },
  IotBusEventsNearDeletion: {
    fires: [lag("90000x60"), newest("200000x60"), oldest("100000x60")],
    // The first is far from what Kafka keeps; of the second topic Kafka has deleted nothing yet.
    silent: [
      lag("70000x60"), newest("200000x60"), oldest("100000x60"),
      lag("90000x60", { topic: "new" }),
      exported("kafka_topic_partition_current_offset", { topic: "new", partition: 0 }, "90000x60"),
      exported("kafka_topic_partition_oldest_offset", { topic: "new", partition: 0 }, "0x60"),
    ],
  },
  IotBusEventsDeleted: {
    fires: [oldest("100x50 200x10"), committed("150x60")],
    silent: [oldest("150x60"), committed("150x60")],
  },
};
