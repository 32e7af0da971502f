import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CHART, KUBERNETES, helm, parse, template } from "./lib/helm.mjs";
import { FILES, RELEASES } from "./lib/releases.mjs";

describe("helm", () => {
  for (const file of FILES) {
    it(`lints ${file} without a warning`, () => {
      const { status, stdout, stderr } = helm("lint", CHART, "--strict", "--values", join(CHART, file));
      // The icon is a picture in a catalogue; there is none.
      const said = stdout.split("\n").filter((line) => /^\[/.test(line) && !line.includes("icon is recommended"));
      assert.deepEqual({ status, said, stderr }, { status: 0, said: [], stderr: "" });
    });
  }

  for (const [name, options] of Object.entries(RELEASES)) {
    it(`renders ${name}`, (context) => {
      const { status, stdout, stderr, milliseconds } = template(options);
      assert.equal(status, 0, stderr);
      const objects = parse(stdout);
      assert.ok(objects.length > 0);
      context.diagnostic(`${objects.length} objects in ${milliseconds.toFixed(0)} ms`);
    });
  }

  it("renders the same twice, but for the passwords it makes", () => {
    const options = { files: ["values-production.yaml"], set: ["global.tests.enabled=false"] };
    assert.equal(template(options).stdout, template(options).stdout);
  });

  it("packs the chart with all its parts", () => {
    const folder = mkdtempSync(join(tmpdir(), "chart-"));
    try {
      const packed = helm("package", CHART, "--destination", folder);
      assert.equal(packed.status, 0, packed.stderr);
      const archive = packed.stdout.trim().split(": ").at(-1);
      const again = helm("template", "iotbus", archive, "--namespace", "iotbus", "--kube-version", KUBERNETES);
      assert.equal(again.status, 0, again.stderr);
      assert.equal(parse(again.stdout).length, parse(template().stdout).length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses a Kubernetes that is too old", () => {
    const { status, stderr } = helm("template", "iotbus", CHART, "--kube-version", "1.29.0");
    assert.notEqual(status, 0);
    assert.match(stderr, />=1\.30\.0/);
  });
});

describe("every object", () => {
  for (const [name, options] of Object.entries(RELEASES)) {
    it(`of ${name} has a name of its own, a namespace and the labels of Kubernetes`, () => {
      const clusterWide = new Set(["Namespace", "PriorityClass"]);
      const seen = new Set();
      for (const { apiVersion, kind, metadata } of parse(template(options).stdout)) {
        const id = `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
        assert.ok(!seen.has(id), `${id} is there twice`);
        seen.add(id);
        assert.match(metadata.name, /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, id);
        assert.equal(Boolean(metadata.namespace), !clusterWide.has(kind), id);
        for (const label of ["name", "instance", "part-of", "version", "managed-by"]) assert.ok(metadata.labels?.[`app.kubernetes.io/${label}`], `${id}: ${label}`);
        for (const value of Object.values(metadata.labels)) assert.match(value, /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/, id);
      }
    });
  }
});
