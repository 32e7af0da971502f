// Every image is pinned, and ours are those that deploy/Dockerfile makes.
import assert from "node:assert/strict";
import { it } from "node:test";
import { objects } from "./lib/helm.mjs";
import { RELEASES, release } from "./lib/releases.mjs";
import { containers, workloads } from "./lib/workloads.mjs";

const images = (all) => [...new Set(workloads(all).flatMap(containers).map(({ image }) => image))];

it("every image has a full version or a digest", () => {
  for (const image of Object.keys(RELEASES).flatMap((name) => images(release(name)))) {
    assert.match(image, /(:v?\d+\.\d+\.\d+([-+.][A-Za-z0-9.-]+)?|@sha256:[0-9a-f]{64})$/, image);
  }
});

it("ours are named after the service, and tagged with the chart's appVersion", () =>
  assert.deepEqual(images(release("values.yaml")).filter((image) => image.startsWith("registry.example/")).sort(), [
    "registry.example/iotbus/api:0.1.0", "registry.example/iotbus/processors:0.1.0", "registry.example/iotbus/reporting:0.1.0",
  ]));

it("a digest counts more than a tag", () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  assert.ok(images(objects({ set: [`mongodb.image.digest="${digest}"`] })).includes(`mongo@${digest}`));
});

it("the registry's credentials are given to every pod, and to Kafka's", () => {
  for (const { name, spec } of workloads(release("everything on"))) assert.deepEqual(spec.imagePullSecrets, [{ name: "registry" }], name);
  for (const { spec } of release("everything on").filter(({ kind }) => kind === "KafkaNodePool")) {
    assert.deepEqual(spec.template.pod.imagePullSecrets, [{ name: "registry" }]);
  }
});
