// A setting that no service reads does nothing, and one that two parts see differently does harm.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { REPOSITORY, objects } from "./lib/helm.mjs";
import { RELEASES, release } from "./lib/releases.mjs";
import { containers, staying } from "./lib/workloads.mjs";

const SERVICES = ["api", "processors", "reporting"];
const text = readFileSync(`${REPOSITORY}docs/configuration.md`, "utf8");
const documented = new Set([...text.matchAll(/`([A-Za-z_:0-9]+)`/g)].map(([, key]) => key));
const ASPNET = ["ASPNETCORE_URLS"]; // ASP.NET Core reads it itself

const find = (name, kind, suffix) => release(name).find((object) => object.kind === kind && object.metadata.name === `iotbus-${suffix}`);
const settings = (name, service) => find(name, "ConfigMap", service).data;

describe("the services' settings", () => {
  for (const name of Object.keys(RELEASES)) {
    it(`of ${name} are all documented`, () => {
      for (const service of SERVICES) {
        const variables = [
          ...Object.keys(settings(name, service)),
          ...staying(release(name)).filter(({ labels }) => labels["app.kubernetes.io/name"] === service).flatMap(containers).flatMap(({ env = [] }) => env.map(({ name: key }) => key)),
        ];
        for (const variable of variables.filter((key) => !ASPNET.includes(key))) assert.ok(documented.has(variable.replaceAll("__", ":")), `${service}: ${variable}`);
      }
    });
  }

  it("go over the chart's own where the user sets them", () => {
    const api = objects({ set: ['api.settings={"Shutdown__Timeout":"00:01:00","Batches__MaxInFlight":"100"}'] }).find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "iotbus-api");
    assert.equal(api.data.Shutdown__Timeout, "00:01:00");
    assert.equal(api.data.Batches__MaxInFlight, "100");
  });

  it("name the brokers' files where they are mounted, and nowhere else", () => {
    for (const name of Object.keys(RELEASES)) {
      for (const service of ["api", "processors"]) {
        const [{ volumeMounts }] = find(name, "Deployment", service).spec.template.spec.containers;
        for (const [volume, key] of [["kafka-ca", "Kafka__Security__CaLocation"], ["rabbitmq-ca", "Bus__RabbitMq__CaLocation"]]) {
          const mount = volumeMounts.find(({ name: mounted }) => mounted === volume);
          assert.equal(settings(name, service)[key], mount && `${mount.mountPath}/ca.crt`);
        }
      }
    }
  });

  it("tell the services behind the edge which one it is", () => {
    for (const name of Object.keys(RELEASES)) {
      assert.deepEqual(SERVICES.map((service) => settings(name, service).Edge__Mode), SERVICES.map(() => (RELEASES[name].set?.some((value) => value.includes("Embedded")) ? "Embedded" : "Kong")));
    }
  });
});

describe("the Processors' rights in Kubernetes", () => {
  it("are to list and delete KongConsumers, where those of the chart are", () => {
    for (const name of ["values.yaml", "everything on"]) {
      const role = find(name, "Role", "processors"), binding = find(name, "RoleBinding", "processors");
      assert.deepEqual(role.rules, [{ apiGroups: ["configuration.konghq.com"], resources: ["kongconsumers"], verbs: ["list", "delete"] }]);
      assert.deepEqual([binding.roleRef.name, binding.subjects.map(({ name: account }) => account)], ["iotbus-processors", ["iotbus-processors"]]);
      const namespaces = new Set(release(name).filter(({ kind }) => kind === "KongConsumer").map(({ metadata }) => metadata.namespace));
      assert.deepEqual([...namespaces], [settings(name, "processors").Edge__Kong__ConsumersNamespace]);
      assert.equal(role.metadata.namespace, settings(name, "processors").Edge__Kong__ConsumersNamespace);
    }
  });

  it("are none without Kong", () => {
    assert.equal(find("without Kong", "Role", "processors"), undefined);
    assert.equal(settings("without Kong", "processors").Edge__Kong__ConsumersNamespace, undefined);
  });
});

describe("RabbitMQ", () => {
  const RABBITMQ = "on another Kafka and MongoDB";

  it("is not used unless it is asked for", () => {
    assert.deepEqual(Object.entries(settings("values.yaml", "processors")).filter(([key]) => key.startsWith("Bus__")), [["Bus__Transport", "InMemory"]]);
  });

  it("is found where the values say, with TLS, and its user by reference", () => {
    const { data } = find(RABBITMQ, "ConfigMap", "processors");
    assert.deepEqual(Object.fromEntries(Object.entries(data).filter(([key]) => key.startsWith("Bus__"))), {
      Bus__Transport: "RabbitMq", Bus__RabbitMq__Host: "rabbitmq.example", Bus__RabbitMq__Port: "5671", Bus__RabbitMq__VirtualHost: "/", Bus__RabbitMq__Tls: "true",
      Bus__RabbitMq__QuorumSize: "3", Bus__RabbitMq__CaLocation: "/etc/iotbus/rabbitmq/ca.crt",
    });
    const [{ env }] = find(RABBITMQ, "Deployment", "processors").spec.template.spec.containers;
    assert.deepEqual(env.filter(({ name }) => name.startsWith("Bus__")), ["Username", "Password"].map((part) => (
      { name: `Bus__RabbitMq__${part}`, valueFrom: { secretKeyRef: { name: "rabbitmq-user", key: part.toLowerCase() } } }
    )));
  });
});

describe("Kafka", () => {
  const users = () => release("everything on").filter(({ kind }) => kind === "KafkaUser");
  const rights = (name) => users().find(({ metadata }) => metadata.name === `iotbus-kafka-${name}`).spec.authorization.acls
    .map(({ resource, operations }) => `${resource.type} ${resource.name}${resource.patternType === "prefix" ? "*" : ""}: ${operations.join(" ")}`).sort();

  it("knows each service by the name that the service logs in with", () => {
    for (const service of ["api", "processors"]) {
      const { Kafka__Security__Username: username, Kafka__Security__Protocol: protocol, Kafka__Security__Mechanism: mechanism } = settings("values.yaml", service);
      const user = find("values.yaml", "KafkaUser", `kafka-${service}`);
      assert.equal(username, user.metadata.name);
      assert.deepEqual([protocol, mechanism, user.spec.authentication.type], ["SaslSsl", "ScramSha512", "scram-sha-512"]);
    }
  });

  it("lets the Api write events and look for dead letters' topics", () =>
    assert.deepEqual(rights("api"), [
      "topic device-commands: Describe",
      "topic sensor-alerts.dlq: Describe", "topic sensor-alerts: Write Describe", "topic sensor-telemetry.dlq: Describe", "topic sensor-telemetry: Write Describe",
    ]));

  it("lets the Processors read events in their groups, write dead letters, command devices and raise alerts", () =>
    assert.deepEqual(rights("processors"), [
      "group iotbus-processors-rollouts: Read Describe", "group iotbus-processors: Read Describe", "topic device-commands: Write Describe",
      "topic sensor-alerts.dlq: Write Describe", "topic sensor-alerts: Read Write Describe",
      "topic sensor-telemetry.dlq: Write Describe", "topic sensor-telemetry: Read Describe",
    ]));

  it("lets KEDA look at offsets only", () => {
    for (const right of rights("autoscaling")) assert.match(right, /: Describe$/);
    assert.equal(rights("autoscaling").length, 3);
  });

  it("gives nobody a right on the cluster or on everything", () => {
    for (const { spec } of users()) {
      for (const { resource, operations } of spec.authorization.acls) {
        assert.ok(["topic", "group"].includes(resource.type));
        assert.notEqual(resource.name, "*");
        assert.ok(operations.every((operation) => ["Read", "Write", "Describe", "Delete"].includes(operation)));
      }
    }
  });

  it("has the topics that the services use, with what the Api would make", () => {
    const topics = release("values-production.yaml").filter(({ kind }) => kind === "KafkaTopic");
    assert.deepEqual(topics.map(({ spec }) => [spec.topicName, spec.partitions, spec.replicas, spec.config]), [
      ["sensor-telemetry", 12, 3, { "retention.ms": 604800000, "compression.type": "lz4" }],
      ["sensor-telemetry.dlq", 12, 3, { "retention.ms": 2592000000, "compression.type": "lz4" }],
      ["sensor-alerts", 4, 3, { "retention.ms": 2592000000, "min.insync.replicas": 2 }],
      ["sensor-alerts.dlq", 4, 3, { "retention.ms": 2592000000, "min.insync.replicas": 2 }],
      ["device-commands", 3, 3, { "retention.ms": 604800000 }],
    ]);
    const api = settings("values-production.yaml", "api");
    assert.deepEqual([api.Topics__Telemetry__Partitions, api.Topics__Alerts__Partitions, api.Topics__Telemetry__Name], ["12", "4", "sensor-telemetry"]);
  });

  it("has controllers and brokers apart, and replicates as asked", () => {
    const pools = release("values.yaml").filter(({ kind }) => kind === "KafkaNodePool").map(({ spec }) => [spec.roles, spec.replicas]);
    assert.deepEqual(pools, [[["controller"], 3], [["broker"], 3]]);
    const { config } = find("values.yaml", "Kafka", "kafka").spec.kafka;
    assert.deepEqual([config["default.replication.factor"], config["min.insync.replicas"], config["auto.create.topics.enable"]], [3, 2, false]);
  });
});

describe("scaling", () => {
  const BEHAVIOR = {
    scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }, { type: "Pods", value: 2, periodSeconds: 15 }] },
    scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: "Max", policies: [{ type: "Percent", value: 50, periodSeconds: 15 }, { type: "Pods", value: 1, periodSeconds: 15 }] },
  };

  it("by CPU aims at 50%, from one to four, and never at more Processors than partitions", () => {
    const scalers = release("values.yaml").filter(({ kind }) => kind === "HorizontalPodAutoscaler");
    assert.deepEqual(scalers.map(({ spec }) => [spec.scaleTargetRef.name, spec.minReplicas, spec.maxReplicas]), [["iotbus-api", 1, 4], ["iotbus-processors", 1, 3], ["iotbus-reporting", 1, 4]]);
    for (const { spec } of scalers) {
      assert.equal(spec.metrics[0].resource.target.averageUtilization, 50);
      assert.deepEqual(spec.behavior, BEHAVIOR);
    }
  });

  it("by lag asks both topics of the Processors' group, as a user of its own", () => {
    const { spec } = find("values-production.yaml", "ScaledObject", "processors");
    assert.deepEqual([spec.minReplicaCount, spec.maxReplicaCount, spec.scaleTargetRef.name], [2, 12, "iotbus-processors"]);
    assert.deepEqual(spec.triggers.map(({ metadata }) => [metadata.topic, metadata.consumerGroup]), [["sensor-telemetry", "iotbus-processors"], ["sensor-alerts", "iotbus-processors"]]);
    assert.equal(spec.triggers[0].metadata.bootstrapServers, settings("values-production.yaml", "processors").KAFKA_BOOTSTRAP_SERVERS);
    assert.deepEqual(spec.advanced.horizontalPodAutoscalerConfig.behavior, BEHAVIOR);
    const { secretTargetRef } = find("values-production.yaml", "TriggerAuthentication", "autoscaling").spec;
    assert.deepEqual(secretTargetRef.map(({ parameter }) => parameter), ["sasl", "tls", "username", "password", "ca"]);
    assert.deepEqual(find("values-production.yaml", "Secret", "autoscaling").stringData, { sasl: "scram_sha512", tls: "enable", username: "iotbus-kafka-autoscaling" });
  });

  it("has one scaler a Deployment, and none where the values say how many there are", () => {
    for (const name of Object.keys(RELEASES)) {
      const scaled = release(name).filter(({ kind }) => ["HorizontalPodAutoscaler", "ScaledObject"].includes(kind)).map(({ spec }) => spec.scaleTargetRef.name);
      assert.equal(new Set(scaled).size, scaled.length);
      for (const { metadata, spec } of release(name).filter(({ kind }) => kind === "Deployment")) {
        assert.equal(scaled.includes(metadata.name), spec.replicas === undefined, `${name}: ${metadata.name}`);
      }
    }
  });
});
