// The network as a Mermaid diagram.
import { arrows } from "./network.mjs";

const GROUPS = {
  Services: ["api", "processors", "reporting", "test"],
  Kafka: ["kafka-broker", "kafka-controller", "kafka-entity-operator", "kafka-exporter"],
  MongoDB: ["mongodb", "mongodb-init"],
};

/** The diagram's text. Parts outside the chart have round corners. */
export function diagram(objects) {
  const edges = arrows(objects).map((line) => /^(\S+) -> (\S+) (\S+)$/.exec(line).slice(1));
  const names = [...new Set(edges.flatMap(([from, to]) => [from, to]))];
  const outside = names.filter((name) => !Object.values(GROUPS).flat().includes(name)).sort();
  return [
    "flowchart LR",
    ...outside.map((name) => `  ${name}([${name}])`),
    ...Object.entries(GROUPS).flatMap(([group, members]) => [
      `  subgraph ${group}`,
      ...members.filter((name) => names.includes(name)).map((name) => `    ${name}`),
      "  end",
    ]),
    ...edges.map(([from, to, ports]) => `  ${from} -- "${ports.replaceAll(",", ", ")}" --> ${to}`),
    "",
  ].join("\n");
}
