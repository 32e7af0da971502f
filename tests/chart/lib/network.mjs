// The arrows that NetworkPolicies allow, told from the rendered objects alone.
import { matches } from "./workloads.mjs";

export const policies = (objects) => objects.filter(({ kind }) => kind === "NetworkPolicy");

/** Parts outside the chart, by the namespace and a label that the values give them. */
const OUTSIDE = {
  kong: { namespace: "kong", labels: { "app.kubernetes.io/name": "gateway" } },
  prometheus: { namespace: "monitoring", labels: { "app.kubernetes.io/name": "prometheus" } },
  collector: { namespace: "monitoring", labels: { "app.kubernetes.io/name": "opentelemetry-collector" } },
  keda: { namespace: "keda", labels: { app: "keda-operator" } },
  strimzi: { namespace: "strimzi", labels: { name: "strimzi-cluster-operator" } },
};

function nameOf({ ipBlock, namespaceSelector, podSelector }, ports, ours) {
  if (ipBlock) return { 443: "kubernetes-api", 5671: "rabbitmq", 9093: "other-kafka", 27017: "other-mongodb" }[ports[0]];
  const namespace = namespaceSelector.matchLabels["kubernetes.io/metadata.name"];
  const labels = podSelector.matchLabels;
  const known = [...ours, ...Object.entries(OUTSIDE).map(([name, node]) => ({ name, ...node }))];
  const found = known.filter((node) => node.namespace === namespace && matches(node.labels, labels) && matches(labels, node.labels));
  if (found.length !== 1) throw new Error(`who is ${JSON.stringify({ namespace, labels })}?`);
  return found[0].name;
}

/** Lines "from -> to ports", sorted: from the rules about what is sent (side from), received (to), or both. DNS is left out. */
export function arrows(objects, { side } = {}) {
  const open = policies(objects).filter(({ spec }) => spec.ingress || spec.egress);
  const ours = open.map(({ metadata, spec }) => ({
    name: metadata.labels["app.kubernetes.io/name"], namespace: metadata.namespace, labels: spec.podSelector.matchLabels,
  }));
  const found = new Set();
  for (const { metadata, spec } of open) {
    const own = metadata.labels["app.kubernetes.io/name"];
    const rules = [
      ...(side === "from" ? [] : (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports, line: (peer) => `${peer} -> ${own}` }))),
      ...(side === "to" ? [] : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports, line: (peer) => `${own} -> ${peer}` }))),
    ];
    for (const { peers, ports, line } of rules) {
      const numbers = ports.map(({ port }) => port);
      if (numbers.includes(53)) continue;
      for (const peer of peers) found.add(`${line(nameOf(peer, numbers, ours))} ${numbers.join()}`);
    }
  }
  return [...found].sort();
}
