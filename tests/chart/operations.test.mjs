// docs/operations.md and the chart's README: each helm command in them is one that helm takes, and what they name is there.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse as parseYaml } from "yaml";
import { KUBERNETES, REPOSITORY, helm, objects, parse } from "./lib/helm.mjs";
import { containers, matches, workloads } from "./lib/workloads.mjs";

const DOCUMENTS = ["docs/operations.md", "helm/iotbus/README.template.md"];
const read = (path) => readFileSync(`${REPOSITORY}${path}`, "utf8");

/** The commands in a document's blocks of shell, a line each. */
const commands = (path) => [...read(path).matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block.replaceAll("\\\n", " ").split("\n").map((line) => line.trim()));
const flagsOf = (line) => line.split(/\s+/).filter((word) => !["--install", "--create-namespace", "--dry-run"].includes(word));

describe("each helm command of", () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "values-"));
    // What docs/operations.md says one has of one's own.
    writeFileSync(join(folder, "my-values.yaml"), "global: { image: { repository: registry.example/iotbus } }\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const path of DOCUMENTS) {
    const upgrades = commands(path).filter((line) => line.startsWith("helm upgrade"));
    it(`${path} renders`, (context) => {
      assert.ok(upgrades.length >= 3);
      for (const line of upgrades) {
        const [, , ...words] = flagsOf(line);
        const args = words.map((word) => (word === "my-values.yaml" ? join(folder, word) : word.startsWith("helm/iotbus") ? `${REPOSITORY}${word}` : word));
        const { status, stdout, stderr } = helm("template", ...args, "--kube-version", KUBERNETES);
        assert.equal(status, 0, `${line}\n${stderr}`);
        assert.ok(parse(stdout).length > 20, line);
      }
      context.diagnostic(`${upgrades.length} commands`);
    });
  }
});

describe("docs/operations.md", () => {
  it("is shell that a shell can read", () => {
    for (const [, block] of read("docs/operations.md").matchAll(/^```sh\n(.*?)^```/gms)) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: block, encoding: "utf8" });
      assert.equal(status, 0, `${block}\n${stderr}`);
    }
  });

  it("names Deployments, Secrets, StatefulSets and other objects that the production values make, or an operator does", () => {
    const made = objects({ files: ["values-production.yaml"], set: ["kafka.toolsUser.enabled=true", 'edge.consumers=[{"username":"gateway-1","group":"gateway","existingSecret":"gateway-1-key"}]'] });
    const named = [...commands("docs/operations.md").join("\n").matchAll(/(deployment|scaledobject|kongconsumer|job|secret)[/ ](iotbus-[a-z0-9-]+)/g)];
    assert.ok(named.length >= 8);
    const kinds = { deployment: "Deployment", scaledobject: "ScaledObject", kongconsumer: "KongConsumer", job: "Job", secret: "Secret" };
    const users = made.filter(({ kind }) => kind === "KafkaUser").map(({ metadata }) => metadata.name); // Strimzi makes a Secret of each one's name
    for (const [whole, kind, name] of named) {
      const there = made.some((object) => object.kind === kinds[kind] && object.metadata.name === name)
        || (kind === "secret" && [...users, "iotbus-kafka-cluster-ca-cert", "iotbus-mongodb-auth"].includes(name));
      assert.ok(there, whole);
    }
  });

  it("has links that lead somewhere", () => {
    const text = read("docs/operations.md");
    const anchors = (content) => new Set([...content.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-")));
    for (const [, target] of text.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith("http")) continue;
      const [file, anchor] = target.split("#");
      const path = file === "" ? "docs/operations.md" : join("docs", file);
      assert.ok(existsSync(`${REPOSITORY}${path}`), target);
      if (anchor) assert.ok(anchors(read(path)).has(anchor), target);
    }
  });
});

describe("deploy/tools.yaml", () => {
  const pod = parseYaml(read("deploy/tools.yaml"));
  const made = objects({ files: ["values-production.yaml"], set: ["kafka.toolsUser.enabled=true"] });

  it("is a pod that the namespaces' level restricted lets in", () => {
    const [{ spec }] = workloads([pod]);
    assert.ok(spec.securityContext.runAsNonRoot && spec.securityContext.runAsUser > 0);
    assert.equal(spec.securityContext.seccompProfile.type, "RuntimeDefault");
    assert.equal(spec.automountServiceAccountToken, false);
    for (const { securityContext, resources, image } of containers({ spec })) {
      assert.ok(securityContext.readOnlyRootFilesystem && !securityContext.allowPrivilegeEscalation);
      assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
      assert.ok(resources.requests.memory && resources.limits.cpu);
      assert.match(image, /:\d+\.\d+\.\d+-kafka-\d+\.\d+\.\d+$/);
    }
  });

  it("may speak to the brokers and to nobody else, and only where it is asked for", () => {
    const policies = (all) => all.filter(({ kind, metadata, spec }) => kind === "NetworkPolicy" && metadata.namespace === pod.metadata.namespace && matches(pod.metadata.labels, spec.podSelector.matchLabels));
    const open = policies(made).find(({ spec }) => spec.egress);
    assert.equal(open.spec.ingress, undefined);
    assert.deepEqual(open.spec.egress.filter(({ ports }) => ports[0].port !== 53).map(({ to, ports }) => [to[0].podSelector.matchLabels["iotbus.io/part"], ports[0].port]), [["kafka-broker", 9093]]);
    const kafka = made.find(({ kind }) => kind === "Kafka");
    assert.ok(kafka.spec.kafka.listeners[0].networkPolicyPeers.some(({ podSelector }) => matches(pod.metadata.labels, podSelector.matchLabels)));
    assert.ok(!policies(objects({ files: ["values-production.yaml"] })).some(({ spec }) => spec.egress));
  });

  it("logs in as the user that the chart makes, which may move the group's offsets", () => {
    const user = made.find(({ kind, metadata }) => kind === "KafkaUser" && metadata.name === "iotbus-kafka-tools");
    const [{ env, command }] = pod.spec.containers;
    assert.equal(env.find(({ name }) => name === "PASSWORD").valueFrom.secretKeyRef.name, user.metadata.name);
    assert.ok(command.join().includes(`username="${user.metadata.name}"`));
    const rights = user.spec.authorization.acls.filter(({ resource }) => resource.type === "group").map(({ resource, operations }) => [resource.name, resource.patternType, operations]);
    assert.deepEqual(rights, [["iotbus-tools", "prefix", ["Read", "Describe", "Delete"]], ["iotbus-processors", "literal", ["Read", "Describe"]]]);
  });

  it("has a script that a shell can read", () => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: pod.spec.containers[0].command.at(-1), encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
});
