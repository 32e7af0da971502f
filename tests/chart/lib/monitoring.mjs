// promtool, and what rules and dashboards ask Prometheus for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { known } from "../schemas/metrics.mjs";
import { REPOSITORY } from "./helm.mjs";
import { namesIn } from "./promql.mjs";

const METRICS = known(JSON.parse(readFileSync(`${REPOSITORY}docs/metrics.json`, "utf8")));

const promtool = (...args) => spawnSync("promtool", args, { encoding: "utf8" });

/** Why promtool's tests are skipped, or false. ./iotbus test fetches it where it can. */
export const skip = promtool("--version").error ? "promtool is not installed (Debian: apt-get install prometheus)" : false;

/** Fails with promtool's words unless it accepts the document: check or test, and the documents by file name, the last of which it is asked about. */
export function accepts(command, files) {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), stringify(content));
    const { status, stdout, stderr } = promtool(command, "rules", join(folder, Object.keys(files).at(-1)));
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Fails when the expression names a metric that nobody exports, or a label that none of its metrics has. Gives the metrics' names. */
export function namesOnlyKnown(expr, where) {
  const { metrics, groupedBy } = namesIn(expr);
  assert.ok(metrics.length > 0, `${where}: names no metric`);
  for (const { name, labels } of metrics) {
    assert.ok(name in METRICS, `${where}: nobody exports ${name}`);
    for (const label of labels) assert.ok(METRICS[name].has(label), `${where}: ${name} has no label ${label}`);
  }
  for (const label of groupedBy) assert.ok(metrics.some(({ name }) => METRICS[name].has(label)), `${where}: no metric has the label ${label}`);
  return metrics.map(({ name }) => name);
}
