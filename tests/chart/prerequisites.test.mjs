// What a cluster lacks is said before anything is made.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { objects, template } from "./lib/helm.mjs";

// Every API server has it, and helm without one does not.
const CLUSTER = "apiregistration.k8s.io/v1";
const STRIMZI = ["Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser"].map((kind) => `kafka.strimzi.io/v1/${kind}`);
const KONG = ["KongPlugin", "KongConsumer"].map((kind) => `configuration.konghq.com/v1/${kind}`);
const KEDA = ["ScaledObject", "TriggerAuthentication"].map((kind) => `keda.sh/v1alpha1/${kind}`);
const PROMETHEUS = ["PrometheusRule", "ServiceMonitor", "PodMonitor"].map((kind) => `monitoring.coreos.com/v1/${kind}`);
const production = { files: ["values-production.yaml"] };

describe("on a cluster without operators", () => {
  it("every missing CustomResourceDefinition is named, with what to install and what to leave out", () => {
    const { status, stdout, stderr } = template({ ...production, capabilities: [CLUSTER] });
    assert.notEqual(status, 0);
    assert.equal(stdout, "");
    for (const name of [
      "kafkas.kafka.strimzi.io", "kafkanodepools.kafka.strimzi.io", "kafkatopics.kafka.strimzi.io", "kafkausers.kafka.strimzi.io",
      "kongplugins.configuration.konghq.com", "kongconsumers.configuration.konghq.com", "scaledobjects.keda.sh", "triggerauthentications.keda.sh",
      "prometheusrules.monitoring.coreos.com", "servicemonitors.monitoring.coreos.com", "podmonitors.monitoring.coreos.com",
    ]) assert.ok(stderr.includes(name), name);
    for (const way of ["kafka.enabled=false", "edge.enabled=false", "autoscaling.mode=cpu", "monitoring.enabled=false"]) assert.ok(stderr.includes(way), way);
  });

  it("nothing is missing where the parts that need them are left out", () => {
    const { status, stderr } = template({
      capabilities: [CLUSTER],
      set: [
        "kafka.enabled=false", "edge.enabled=false", "monitoring.enabled=false", 'global.kafka.bootstrapServers="k:9093"', 'global.kafka.protocol="Ssl"',
      ],
    });
    assert.equal(status, 0, stderr);
  });

  it("missingKinds=omit leaves out what can be left out, and still asks for Kafka's", () => {
    const omit = { ...production, set: ['global.missingKinds="omit"'] };
    const { status, stderr } = template({ ...omit, capabilities: [CLUSTER] });
    assert.notEqual(status, 0);
    assert.match(stderr, /kafkas\.kafka\.strimzi\.io/);
    assert.doesNotMatch(stderr, /kong|keda/);

    const kinds = new Set(objects({ ...omit, capabilities: [CLUSTER, ...STRIMZI] }).map(({ apiVersion }) => apiVersion.split("/")[0]));
    for (const group of ["configuration.konghq.com", "keda.sh", "monitoring.coreos.com"]) assert.ok(!kinds.has(group), group);
    assert.ok(kinds.has("kafka.strimzi.io"));
  });
});

describe("of Prometheus' kinds", () => {
  const named = (...set) => template({ capabilities: [CLUSTER, ...STRIMZI, ...KONG], set: ["monitoring.enabled=true", ...set] }).stderr;

  it("only those are asked for that would be made", () => {
    assert.match(named(), /prometheusrules.*servicemonitors.*podmonitors/);
    assert.match(named("monitoring.kafka.enabled=false", "monitoring.kong.enabled=false"), /servicemonitors/);
    assert.doesNotMatch(named("monitoring.kafka.enabled=false", "monitoring.kong.enabled=false"), /podmonitors/);
    assert.doesNotMatch(named('global.monitoring.scrape="annotations"'), /monitors/);
  });
});

describe("on a cluster with all operators", () => {
  it("the same is rendered as without a cluster", () => {
    const without = { ...production, set: ["global.tests.enabled=false"] };
    const all = [CLUSTER, ...STRIMZI, ...KONG, ...KEDA, ...PROMETHEUS];
    assert.deepEqual(objects({ ...without, capabilities: all }), objects(without));
  });

  it("an operator that knows only the old API of Kafka is too old", () => {
    const { status, stderr } = template({ capabilities: [CLUSTER, ...KONG, "kafka.strimzi.io/v1beta2/Kafka"] });
    assert.notEqual(status, 0);
    assert.match(stderr, /kafkas\.kafka\.strimzi\.io \(v1\).*Strimzi operator 1\.0 or newer/);
  });
});
