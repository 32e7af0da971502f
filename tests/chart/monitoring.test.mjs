import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { ALERTS } from "./lib/alerts.mjs";
import { REPOSITORY } from "./lib/helm.mjs";
import { release } from "./lib/releases.mjs";
import { matches } from "./lib/workloads.mjs";

const RELEASE = "values-production.yaml";
const OURS = { app_kubernetes_io_instance: "iotbus", namespace: "kafka" };
const METRICS = JSON.parse(readFileSync(`${REPOSITORY}docs/metrics.json`, "utf8"));

// Debian's prometheus package has it.
const promtool = (...args) => spawnSync("promtool", args, { encoding: "utf8" });
const skip = promtool("--version").error ? "promtool is not installed (Debian: apt-get install prometheus)" : false;

const { spec } = release(RELEASE).find(({ kind }) => kind === "PrometheusRule");
const rules = spec.groups.flatMap((group) => group.rules);
const keyOf = ({ alert, labels }) => (labels.component ? `${alert} ${labels.component}` : alert);

describe("the alerts", () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "alerts-"));
    writeFileSync(join(folder, "rules.yaml"), stringify(spec));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("are what Prometheus can read", { skip }, () => {
    const { status, stdout, stderr } = promtool("check", "rules", join(folder, "rules.yaml"));
    assert.equal(status, 0, stdout + stderr);
  });

  it("have a test each", () => assert.deepEqual(Object.keys(ALERTS).sort(), rules.map(keyOf).sort()));

  it("name only metrics that the services export", () => {
    for (const { alert, expr } of rules) {
      const names = expr.match(/\b[a-z_]+(?=\{)/g);
      assert.ok(names.length > 0, alert);
      for (const name of names) assert.ok(name === "up" || name in METRICS || name.replace(/_(bucket|sum|count)$/, "") in METRICS, `${alert}: ${name}`);
    }
  });

  for (const [key, cases] of Object.entries(ALERTS)) {
    for (const [kind, expected] of [["fires", 1], ["silent", 0]]) {
      it(`${key} ${kind === "fires" ? "fires when it should" : "is silent otherwise"}`, { skip }, () => {
        const file = join(folder, `${key.replace(" ", "-")}-${kind}.yaml`);
        writeFileSync(file, stringify(unitTest(key, cases[kind], expected)));
        const { status, stdout, stderr } = promtool("test", "rules", file);
        assert.equal(status, 0, stdout + stderr);
      });
    }
  }
});

describe("the ServiceMonitor", () => {
  it("finds each service's management port and nothing else", () => {
    const objects = release(RELEASE);
    const monitor = objects.find(({ kind }) => kind === "ServiceMonitor").spec;
    const [{ values }] = monitor.selector.matchExpressions;
    const found = objects.filter(({ kind, metadata }) => kind === "Service" && matches(metadata.labels, monitor.selector.matchLabels)
      && values.includes(metadata.labels["app.kubernetes.io/name"]) && monitor.namespaceSelector.matchNames.includes(metadata.namespace));
    assert.deepEqual(found.map(({ metadata }) => metadata.name).sort(), ["iotbus-api", "iotbus-processors", "iotbus-reporting"]);
    for (const { metadata, spec } of found) assert.ok(spec.ports.some(({ name }) => name === monitor.endpoints[0].port), metadata.name);
  });

  it("is left out where pods are annotated instead", () => {
    assert.ok(!release("without Kong").some(({ kind }) => kind === "ServiceMonitor"));
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
      input_series: series.map(({ metric, labels, values }) => ({ series: `${metric}${braces({ ...OURS, ...labels })}`, values })),
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
