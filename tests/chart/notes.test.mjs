// What the user reads after an installation. helm shows it only when it installs, so it is rendered here as if it were an object.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CHART, KUBERNETES, helm } from "./lib/helm.mjs";
import { RELEASES, release } from "./lib/releases.mjs";

describe("NOTES.txt", () => {
  let chart;

  before(() => {
    chart = mkdtempSync(join(tmpdir(), "notes-"));
    cpSync(CHART, chart, { recursive: true });
    const notes = readFileSync(join(chart, "templates/NOTES.txt"), "utf8");
    writeFileSync(join(chart, "templates/_notes.tpl"), `{{- define "notes" -}}\n${notes}\n{{- end -}}\n`);
    writeFileSync(join(chart, "templates/notes.yaml"), 'notes: {{ include "notes" $ | quote }}\n');
  });

  after(() => rmSync(chart, { recursive: true }));

  const notes = ({ files = [], set = [] }) => {
    const { status, stdout, stderr } = helm(
      "template", "iotbus", chart, "--namespace", "iotbus", "--kube-version", KUBERNETES, "--show-only", "templates/notes.yaml",
      ...files.flatMap((file) => ["--values", join(chart, file)]), ...set.flatMap((value) => ["--set-json", value]),
    );
    assert.equal(status, 0, stderr);
    return JSON.parse(/^notes: (.*)$/m.exec(stdout)[1]);
  };

  for (const [name, options] of Object.entries(RELEASES)) {
    it(`names objects of ${name} that are there, where they are`, () => {
      const text = notes(options);
      const kinds = { deployment: "Deployment", statefulset: "StatefulSet", kafka: "Kafka" };
      const named = [...text.matchAll(/--namespace (\S+) (?:rollout status|wait) (\w+)\/(\S+)/g)];
      assert.ok(named.length >= 3);
      for (const [, namespace, kind, object] of named) {
        assert.ok(release(name).some((o) => o.kind === kinds[kind] && o.metadata.name === object && o.metadata.namespace === namespace), `${namespace} ${kind}/${object}`);
      }
    });
  }

  it("tells how to test, and how to send an event", () => {
    const text = notes({});
    assert.match(text, /helm test iotbus --namespace iotbus --logs/);
    assert.match(text, /port-forward service\/kong-gateway-proxy 8000:80/);
    assert.match(text, /get secret iotbus-consumer-iotbus-test/);
  });

  it("warns where nothing guards the services", () => {
    assert.match(notes({ set: ["global.networkPolicies.enabled=false"] }), /WARNING(.|\n)*whoever can reach them needs no key/);
    assert.doesNotMatch(notes({}), /WARNING/);
  });

  it("warns where there is one copy of an event only", () => assert.match(notes({ files: ["values-minikube.yaml"] }), /on 1 broker\(s\) only/));
});

describe("namespaces", () => {
  it("are the release's alone, unless others are named", () => {
    const used = new Set(release("values.yaml").map(({ metadata }) => metadata.namespace).filter(Boolean));
    assert.deepEqual([...used], ["iotbus"]);
  });

  it("are made restricted, and kept, where they are named and asked for", () => {
    const made = release("values-production.yaml").filter(({ kind }) => kind === "Namespace");
    assert.deepEqual(made.map(({ metadata }) => metadata.name), ["kafka", "metrics"]);
    for (const { metadata } of made) {
      assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
      assert.equal(metadata.annotations["helm.sh/resource-policy"], "keep");
    }
    const place = Object.fromEntries(release("values-production.yaml").filter(({ kind }) => kind === "Deployment").map(({ metadata }) => [metadata.name, metadata.namespace]));
    assert.deepEqual(place, { "iotbus-api": "kafka", "iotbus-processors": "kafka", "iotbus-reporting": "metrics" });
  });
});

describe("the test that helm runs", () => {
  it("is there where both services are behind Kong, and only then", () => {
    for (const name of Object.keys(RELEASES)) {
      const tests = release(name).filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test");
      assert.equal(tests.length, ["without Kong", "services alone"].includes(name) ? 0 : 1, name);
    }
  });

  it("calls Kong with the key of its own consumer", () => {
    const { spec } = release("values.yaml").find(({ kind }) => kind === "Pod");
    const env = Object.fromEntries(spec.containers[0].env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));
    assert.equal(env.KONG, "http://kong-gateway-proxy.kong.svc:80");
    assert.deepEqual(env.KEY.secretKeyRef, { name: "iotbus-consumer-iotbus-test", key: "key" });
  });
});
