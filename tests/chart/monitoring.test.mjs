// What Prometheus scrapes, and what it raises an alarm about.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { ALERTS } from "./lib/alerts.mjs";
import { REPOSITORY, objects } from "./lib/helm.mjs";
import { accepts, namesOnlyKnown, skip } from "./lib/monitoring.mjs";
import { namesIn } from "./lib/promql.mjs";
import { RELEASES, release } from "./lib/releases.mjs";
import { matches } from "./lib/workloads.mjs";

const RELEASE = "values-production.yaml";
const OURS = { app_kubernetes_io_instance: "iotbus", namespace: "kafka" };

const rulesOf = (all) => all.find(({ kind }) => kind === "PrometheusRule")?.spec;
const spec = rulesOf(release(RELEASE));
const rules = spec.groups.flatMap((group) => group.rules);
const keyOf = ({ alert, labels }) => (labels.component ? `${alert} ${labels.component}` : alert);

describe("the alerts", () => {
  for (const name of Object.keys(RELEASES).filter((each) => rulesOf(release(each)))) {
    it(`of ${name} are what Prometheus can read`, { skip }, () => void accepts("check", { "rules.yaml": rulesOf(release(name)) }));
  }

  it("have a test each", (context) => {
    assert.deepEqual(Object.keys(ALERTS).sort(), rules.map(keyOf).sort());
    context.diagnostic(`${rules.length} alerts, each with a test that fires and one that does not`);
  });

  it("name only metrics and labels that there are", () => {
    for (const { alert, expr } of rules) namesOnlyKnown(expr, alert);
  });

  it("look at this release alone", () => {
    for (const { alert, expr } of rules) {
      for (const { name, labels } of namesIn(expr).metrics) {
        const own = name.startsWith("kong_") ? ["namespace"] : name.startsWith("kafka_") ? ["strimzi_io_cluster", "namespace"] : ["app_kubernetes_io_instance", "namespace"];
        for (const label of own) assert.ok(labels.includes(label), `${alert}: ${name} without ${label}`);
      }
    }
  });

  it("say how bad it is and what happened", () => {
    for (const rule of rules) {
      assert.ok(["critical", "warning", "info"].includes(rule.labels.severity), rule.alert);
      assert.match(rule.annotations.summary, /[.]$/, rule.alert);
    }
  });

  it("lead to what to do, each to a part of its own", () => {
    const headings = new Set([...readFileSync(`${REPOSITORY}docs/operations.md`, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replaceAll(" ", "-")));
    for (const { alert, annotations } of rules) {
      assert.equal(annotations.runbook_url, `docs/operations.md#${alert.toLowerCase()}`);
      assert.ok(headings.has(alert.toLowerCase()), `docs/operations.md has no part ${alert}`);
    }
    const [rule] = rulesOf(objects({ set: ["monitoring.enabled=true", 'monitoring.runbooks="https://wiki.example/iotbus"'] })).groups[0].rules;
    assert.equal(rule.annotations.runbook_url, `https://wiki.example/iotbus#${rule.alert.toLowerCase()}`);
  });

  it("about Kafka and Kong are there where the chart runs the one, and the edge is the other", () => {
    const groups = (name) => rulesOf(release(name)).groups.map((group) => group.name);
    assert.deepEqual(groups(RELEASE), ["ingestion", "kafka", "kong", "processing", "reporting", "services"].map((name) => `iotbus-${name}`));
    assert.deepEqual(groups("without Kong"), ["ingestion", "kafka", "processing", "reporting", "services"].map((name) => `iotbus-${name}`));
    const alone = objects({ ...RELEASES["on another Kafka and MongoDB"], set: [...RELEASES["on another Kafka and MongoDB"].set, "monitoring.enabled=true", "monitoring.kong.enabled=false"] });
    assert.deepEqual(rulesOf(alone).groups.map((group) => group.name), ["ingestion", "processing", "reporting", "services"].map((name) => `iotbus-${name}`));
  });

  for (const [key, cases] of Object.entries(ALERTS)) {
    for (const [kind, expected] of [["fires", 1], ["silent", 0]]) {
      it(`${key} ${kind === "fires" ? "fires when it should" : "is silent otherwise"}`, { skip }, () =>
        void accepts("test", { "rules.yaml": spec, "test.yaml": unitTest(key, cases[kind], expected) }));
    }
  }
});

describe("what is scraped", () => {
  const named = (kind, name) => release(RELEASE).find(({ kind: k, metadata }) => k === kind && metadata.name === name)?.spec;

  it("is each service's management port and nothing else of them", () => {
    const monitor = named("ServiceMonitor", "iotbus-monitoring");
    const [{ values }] = monitor.selector.matchExpressions;
    const found = release(RELEASE).filter(({ kind, metadata }) => kind === "Service" && matches(metadata.labels, monitor.selector.matchLabels)
      && values.includes(metadata.labels["app.kubernetes.io/name"]) && monitor.namespaceSelector.matchNames.includes(metadata.namespace));
    assert.deepEqual(found.map(({ metadata }) => metadata.name).sort(), ["iotbus-api", "iotbus-processors", "iotbus-reporting"]);
    for (const { metadata, spec: { ports } } of found) assert.ok(ports.some(({ name }) => name === monitor.endpoints[0].port), metadata.name);
  });

  it("is every pod of Kafka that tells metrics, by the labels that the chart has Strimzi give it", () => {
    const { selector, namespaceSelector, podTargetLabels, podMetricsEndpoints } = named("PodMonitor", "iotbus-monitoring-kafka");
    const [{ values }] = selector.matchExpressions;
    const given = release(RELEASE).filter(({ kind }) => ["Kafka", "KafkaNodePool"].includes(kind))
      .flatMap(({ spec: { template, kafkaExporter } }) => [template?.pod, kafkaExporter?.template.pod]).flatMap((pod) => pod?.metadata.labels["iotbus.io/part"] ?? []);
    assert.deepEqual([...values].sort(), given.sort());
    assert.deepEqual(selector.matchLabels, { "strimzi.io/cluster": release(RELEASE).find(({ kind }) => kind === "Kafka").metadata.name });
    assert.deepEqual(namespaceSelector.matchNames, ["kafka"]);
    assert.deepEqual(podTargetLabels, ["strimzi.io/cluster", "iotbus.io/part"]);
    assert.equal(podMetricsEndpoints[0].port, "tcp-prometheus");
  });

  it("is every proxy of Kong, where the network's values say that they are", () => {
    const { selector, namespaceSelector, podMetricsEndpoints } = named("PodMonitor", "iotbus-monitoring-kong");
    assert.deepEqual(selector.matchLabels, { "app.kubernetes.io/name": "gateway" });
    assert.deepEqual(namespaceSelector.matchNames, ["kong"]);
    assert.equal(podMetricsEndpoints[0].port, "status");
  });

  it("is asked for as often as the values say, and found by a Prometheus that looks for a label", () => {
    const made = objects({ set: ["monitoring.enabled=true", "monitoring.intervalSeconds=15", 'monitoring.labels=["release=kube-prometheus-stack"]'] })
      .filter(({ apiVersion }) => apiVersion === "monitoring.coreos.com/v1");
    assert.deepEqual(made.map(({ kind }) => kind).sort(), ["PodMonitor", "PodMonitor", "PrometheusRule", "ServiceMonitor"]);
    for (const { metadata, spec: { endpoints, podMetricsEndpoints } } of made) {
      assert.equal(metadata.labels.release, "kube-prometheus-stack");
      for (const { interval } of [...(endpoints ?? []), ...(podMetricsEndpoints ?? [])]) assert.equal(interval, "15s");
    }
  });

  it("is annotated instead, where Prometheus has no operator: the services' pods and Kafka's", () => {
    const all = release("without Kong");
    assert.ok(!all.some(({ kind }) => /Monitor$/.test(kind)));
    const kafka = all.filter(({ kind }) => ["Kafka", "KafkaNodePool"].includes(kind)).flatMap(({ spec: { template, kafkaExporter } }) => [template?.pod, kafkaExporter?.template.pod])
      .filter((pod) => pod?.metadata);
    assert.equal(kafka.length, 3);
    for (const { metadata } of kafka) assert.deepEqual(metadata.annotations, { "prometheus.io/scrape": "true", "prometheus.io/port": "9404", "prometheus.io/path": "/metrics" });
    const operator = all.find(({ kind }) => kind === "Kafka").spec.entityOperator.template.pod;
    assert.equal(operator.metadata.annotations, undefined);
  });
});

/** A test in promtool's own form: how many alerts of this name, and component if it has one, fire after an hour. */
function unitTest(key, series, expected) {
  const [alert, component] = key.split(" ");
  const selector = `alertname="${alert}",alertstate="firing"${component ? `,component="${component}"` : ""}`;
  return {
    rule_files: ["rules.yaml"],
    evaluation_interval: "1m",
    tests: [{
      interval: "1m",
      input_series: series.map(({ metric, labels, values, scrape = OURS }) => ({ series: `${metric}${braces({ ...scrape, ...labels })}`, values })),
      promql_expr_test: [{
        expr: `count(ALERTS{${selector}}) or vector(0)`,
        eval_time: "60m",
        exp_samples: [{ labels: "{}", value: expected }],
      }],
    }],
  };
}

function braces(labels) {
  return `{${Object.entries(labels).map(([name, value]) => `${name}="${value}"`).join(",")}}`;
}
