// Every arrow of the system, and no other. docs/network.md shows them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { arrows, policies } from "./lib/network.mjs";
import { NETWORK_DOC, networkDoc } from "./lib/network-doc.mjs";
import { objects } from "./lib/helm.mjs";
import { RELEASES, release } from "./lib/releases.mjs";
import { matches, workloads } from "./lib/workloads.mjs";

const KAFKA = [
  "kafka-broker -> kafka-broker 9091",
  "kafka-broker -> kafka-controller 9090",
  "kafka-controller -> kafka-controller 9090",
  "kafka-entity-operator -> kafka-broker 9091",
  "kafka-entity-operator -> kubernetes-api 443,6443",
  "kafka-exporter -> kafka-broker 9091",
  "prometheus -> kafka-broker 9404",
  "prometheus -> kafka-controller 9404",
  "prometheus -> kafka-exporter 9404",
  "strimzi -> kafka-broker 9091,8443",
  "strimzi -> kafka-controller 9090,8443",
];
const MONGODB = ["mongodb -> mongodb 27017", "mongodb-init -> mongodb 27017", "processors -> mongodb 27017", "reporting -> mongodb 27017"];
const CLIENTS = ["api -> kafka-broker 9093", "processors -> kafka-broker 9093"];
const CALLERS = ["kong -> api 8080", "kong -> processors 8082", "kong -> reporting 8081"];
const SCRAPES = ["prometheus -> api 9080", "prometheus -> processors 9080", "prometheus -> reporting 9080"];
const REVOKING = ["processors -> kubernetes-api 443,6443"];
const OTHERS = ["api -> other-kafka 9093", "processors -> other-kafka 9093", "processors -> other-mongodb 27017", "reporting -> other-mongodb 27017"];
const COLLECTOR = ["api -> collector 4317", "processors -> collector 4317", "reporting -> collector 4317"];
const TEST = ["test -> kong 8000"];

const EXPECTED = {
  "values.yaml": [...KAFKA, ...MONGODB, ...CLIENTS, ...CALLERS, ...REVOKING, ...SCRAPES, ...TEST],
  "values-minikube.yaml": [...KAFKA, ...MONGODB, ...CLIENTS, ...CALLERS, ...REVOKING, ...SCRAPES, ...TEST],
  "values-production.yaml": [
    ...KAFKA, ...MONGODB, ...CLIENTS, ...CALLERS, ...REVOKING, ...SCRAPES, ...TEST, "keda -> kafka-broker 9093", "kafka-broker -> kubernetes-api 443,6443",
  ],
  "everything on": [
    ...KAFKA, ...MONGODB, ...CLIENTS, "tools -> kafka-broker 9093", ...CALLERS, ...REVOKING, ...SCRAPES, ...TEST, ...COLLECTOR, "keda -> kafka-broker 9093", "kafka-broker -> kubernetes-api 443,6443",
  ],
  "on another Kafka and MongoDB": [...OTHERS, "processors -> rabbitmq 5671", ...CALLERS, ...REVOKING, ...SCRAPES, ...TEST],
  "without Kong": [...KAFKA, ...MONGODB, ...CLIENTS, ...CALLERS, ...SCRAPES],
  "services alone": [...OTHERS, ...CALLERS, ...REVOKING, ...SCRAPES],
};

for (const name of Object.keys(RELEASES)) {
  describe(`the network of ${name}`, () => {
    it("has every arrow that is needed, and no other", () => assert.deepEqual(arrows(release(name)), [...EXPECTED[name]].sort()));

    it("has each arrow at both its ends, where both are ours", () => {
      const both = arrows(release(name), { side: "from" }), received = arrows(release(name), { side: "to" });
      const foreign = /^(kong|prometheus|keda|strimzi) -> | -> (kong|collector|kubernetes-api|other-kafka|other-mongodb|rabbitmq) /;
      assert.deepEqual(both.filter((arrow) => !foreign.test(arrow)), received.filter((arrow) => !foreign.test(arrow)));
    });

    it("denies every pod what no rule allows it", () => {
      for (const workload of workloads(release(name))) {
        const own = policies(release(name)).filter(
          ({ metadata, spec }) => metadata.namespace === workload.namespace && matches(workload.labels, spec.podSelector.matchLabels),
        );
        assert.ok(own.length >= 2, `${workload.name} is in ${own.length} policies`);
        for (const { spec } of own) assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
        assert.ok(own.some(({ spec }) => !spec.ingress && !spec.egress), workload.name);
      }
    });

    it("lets everyone ask the cluster's DNS, and nobody else's", () => {
      for (const { metadata, spec } of policies(release(name)).filter(({ spec: { egress } }) => egress)) {
        const dns = spec.egress.filter(({ ports }) => ports.some(({ port }) => port === 53));
        assert.equal(dns.length, 1, metadata.name);
        assert.deepEqual(dns[0].ports, [{ port: 53, protocol: "UDP" }, { port: 53, protocol: "TCP" }]);
        assert.equal(dns[0].to[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"], "kube-system");
      }
    });

    it("names the pods of every peer inside the cluster", () => {
      for (const { metadata, spec } of policies(release(name))) {
        for (const peer of [...(spec.ingress ?? []).flatMap(({ from }) => from), ...(spec.egress ?? []).flatMap(({ to }) => to)]) {
          assert.ok(peer.ipBlock || (peer.namespaceSelector && Object.keys(peer.podSelector.matchLabels).length > 0), metadata.name);
        }
      }
    });
  });
}

it("Kafka's own listener lets in whom the policies let in", () => {
  const kafka = release("values.yaml").find(({ kind }) => kind === "Kafka");
  const peers = kafka.spec.kafka.listeners[0].networkPolicyPeers.map(({ podSelector: { matchLabels: l } }) => l["app.kubernetes.io/name"] ?? l.app ?? l["strimzi.io/cluster"]);
  assert.deepEqual(peers, ["api", "processors", "iotbus-kafka", "keda-operator"]);
});

it("Kafka has no listener without TLS and login, unless one is asked for", () => {
  for (const name of Object.keys(RELEASES)) {
    const kafka = release(name).find(({ kind }) => kind === "Kafka");
    const open = kafka?.spec.kafka.listeners.filter(({ tls, authentication }) => !tls || !authentication) ?? [];
    assert.deepEqual(open.map(({ name: listener }) => listener), name === "everything on" ? ["plain"] : []);
  }
});

it("the pods of others are those that the values say", () => {
  const labels = ["app=my-kong", "tier=proxy"];
  const api = objects({ set: [`global.networkPolicies.kong.podLabels=${JSON.stringify(labels)}`] })
    .find(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "iotbus-api");
  assert.deepEqual(api.spec.ingress[0].from[0].podSelector.matchLabels, { app: "my-kong", tier: "proxy" });
});

it("the diagram in docs/network.md is that of the policies", () =>
  assert.equal(readFileSync(NETWORK_DOC, "utf8"), networkDoc(), "make it anew: node tests/chart/write-docs.mjs"));
