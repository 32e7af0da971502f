// What a platform team asks of every workload.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RELEASES, release } from "./lib/releases.mjs";
import { containers, matches, staying, workloads } from "./lib/workloads.mjs";

const MANAGEMENT = ["api", "processors", "reporting"];

/** Rules of pods, and those of pods that stay. Each is told the workload and all objects. */
const RULES = {
  "runs as a user that is not root": ({ spec }) => {
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.ok(spec.securityContext.runAsUser > 0);
  },
  "has the system calls of the runtime's default profile only": (workload) => {
    assert.equal(workload.spec.securityContext.seccompProfile.type, "RuntimeDefault");
    for (const { securityContext } of containers(workload)) assert.equal(securityContext.seccompProfile.type, "RuntimeDefault");
  },
  "has a root that is read-only, no capability, and no way to more rights": (workload) => {
    for (const { securityContext } of containers(workload)) {
      assert.equal(securityContext.readOnlyRootFilesystem, true);
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
      assert.equal(securityContext.runAsNonRoot, true);
      assert.ok(!securityContext.privileged);
    }
  },
  "shares nothing with its node": ({ spec }) => {
    for (const field of ["hostNetwork", "hostPID", "hostIPC"]) assert.ok(!spec[field], field);
    for (const volume of spec.volumes) assert.ok(!volume.hostPath, volume.name);
  },
  "has no token of Kubernetes' API, but for the Processors behind Kong": ({ spec, labels }, objects) => {
    assert.equal(spec.automountServiceAccountToken, false);
    const revokes = labels["app.kubernetes.io/name"] === "processors" && objects.some(({ kind, metadata }) => kind === "Role" && metadata.name === "iotbus-processors");
    assert.equal(spec.volumes.some(({ projected }) => projected?.sources.some(({ serviceAccountToken }) => serviceAccountToken)), revokes);
    if (spec.serviceAccountName) {
      const account = objects.find(({ kind, metadata }) => kind === "ServiceAccount" && metadata.name === spec.serviceAccountName);
      assert.equal(account.automountServiceAccountToken, false);
    }
  },
  "requests and is limited in CPU and memory": (workload) => {
    for (const { resources } of containers(workload)) {
      for (const amounts of [resources.requests, resources.limits]) assert.ok(amounts.cpu && amounts.memory);
    }
  },
  "has the priority of its kind": ({ spec, object }, objects) => {
    const stays = ["Deployment", "StatefulSet"].includes(object.kind);
    const classes = objects.filter(({ kind }) => kind === "PriorityClass");
    const own = classes.find(({ metadata }) => metadata.name === spec.priorityClassName);
    assert.equal(spec.priorityClassName, stays ? "always-up" : "when-there-is-room");
    assert.ok(own.value <= 1_000_000_000, "above it is Kubernetes' own");
    if (!stays) {
      assert.equal(own.preemptionPolicy, "Never");
      assert.ok(classes.every(({ value }) => value >= own.value));
    }
  },
  "mounts only what it has, and has only what it mounts": (workload) => {
    const mounted = new Set(containers(workload).flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)));
    const claims = workload.object.spec.volumeClaimTemplates?.map(({ metadata }) => metadata.name) ?? [];
    assert.deepEqual([...mounted].sort(), [...workload.spec.volumes.map(({ name }) => name), ...claims].sort());
  },
  "bounds each temporary volume": ({ spec }) => {
    for (const { name, emptyDir } of spec.volumes) assert.ok(!emptyDir || emptyDir.sizeLimit, name);
  },
};

const STAYING_RULES = {
  "is probed while it starts, lives and serves": ({ spec }) => {
    for (const container of spec.containers) {
      for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
        assert.ok(container[probe], probe);
        assert.ok(container[probe].timeoutSeconds > 0 && container[probe].failureThreshold > 0);
      }
    }
  },
  "has a budget of its own for disruptions, that never blocks a node for good": ({ labels, namespace }, objects) => {
    const budgets = objects.filter((o) => o.kind === "PodDisruptionBudget" && o.metadata.namespace === namespace && matches(labels, o.spec.selector.matchLabels));
    assert.equal(budgets.length, 1);
    assert.equal(budgets[0].spec.maxUnavailable, 1);
    assert.equal(budgets[0].spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
  },
  "is spread over nodes and zones": ({ spec, labels }) => {
    assert.deepEqual(spec.topologySpreadConstraints.map(({ topologyKey }) => topologyKey), ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]);
    for (const { labelSelector } of spec.topologySpreadConstraints) assert.ok(matches(labels, labelSelector.matchLabels));
  },
  "starts anew when its configuration changes": ({ annotations }) => assert.match(annotations["checksum/config"], /^[0-9a-f]{64}$/),
  "selects its own pods and no others": ({ object, labels, name }, objects) => {
    for (const other of staying(objects)) {
      assert.equal(matches(other.labels, object.spec.selector.matchLabels), other.name === name, other.name);
    }
    assert.ok(matches(labels, object.spec.selector.matchLabels));
  },
  "has a Service whose ports lead to its containers": ({ labels, namespace, spec }, objects) => {
    const services = objects.filter((o) => o.kind === "Service" && o.metadata.namespace === namespace && matches(labels, o.spec.selector));
    assert.equal(services.length, 1);
    const ports = spec.containers.flatMap(({ ports }) => ports.map(({ name }) => name));
    for (const { targetPort } of services[0].spec.ports) assert.ok(ports.includes(targetPort), targetPort);
  },
};

let checks = 0;

for (const name of Object.keys(RELEASES)) {
  describe(`every workload of ${name}`, () => {
    for (const [rules, of] of [[RULES, workloads], [STAYING_RULES, staying]]) {
      for (const [rule, check] of Object.entries(rules)) {
        it(rule, () => {
          const objects = release(name);
          assert.ok(of(objects).length >= 3);
          for (const workload of of(objects)) {
            checks += 1;
            try {
              check(workload, objects);
            } catch (error) {
              error.message = `${workload.name}: ${error.message}`;
              throw error;
            }
          }
        });
      }
    }
  });
}

describe("our services", () => {
  const services = Object.keys(RELEASES).flatMap((name) => staying(release(name)).filter(({ labels }) => MANAGEMENT.includes(labels["app.kubernetes.io/name"])));
  const settingsOf = ({ object }, objects) =>
    objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === object.metadata.name && metadata.namespace === object.metadata.namespace).data;

  it("are asked for their health where they answer it", () => {
    for (const { spec } of services) {
      const [{ ports, startupProbe, livenessProbe, readinessProbe }] = spec.containers;
      const management = ports.find(({ name }) => name === "management").containerPort;
      assert.ok(management > 0);
      assert.deepEqual(startupProbe.httpGet, { path: "/health/live", port: "management" });
      assert.deepEqual(livenessProbe.httpGet, { path: "/health/live", port: "management" });
      assert.deepEqual(readinessProbe.httpGet, { path: "/health/ready", port: "management" });
      // A check is bounded by 5 s in the service: Kubernetes waits longer, so that the answer says what is wrong.
      assert.ok(readinessProbe.timeoutSeconds > 5);
    }
  });

  it("listen on the ports that their pods name", () => {
    for (const name of Object.keys(RELEASES)) {
      for (const workload of staying(release(name)).filter(({ labels }) => MANAGEMENT.includes(labels["app.kubernetes.io/name"]))) {
        const settings = settingsOf(workload, release(name));
        const ports = Object.fromEntries(workload.spec.containers[0].ports.map(({ name: port, containerPort }) => [port, containerPort]));
        assert.equal(settings.Management__Url, `http://0.0.0.0:${ports.management}`);
        assert.equal(settings.ASPNETCORE_URLS, ports.http && `http://0.0.0.0:${ports.http}`);
      }
    }
  });

  it("have more time to end than they may take, and keep serving until the edge has noticed", () => {
    for (const name of Object.keys(RELEASES)) {
      for (const workload of staying(release(name)).filter(({ labels }) => MANAGEMENT.includes(labels["app.kubernetes.io/name"]))) {
        const [h, m, s] = settingsOf(workload, release(name)).Shutdown__Timeout.split(":").map(Number);
        const drain = workload.spec.containers[0].lifecycle?.preStop.sleep.seconds ?? 0;
        assert.ok(workload.spec.terminationGracePeriodSeconds > h * 3600 + m * 60 + s + drain);
        assert.ok(drain > 0);
      }
    }
  });

  it("are told another configuration by another checksum", () => {
    const checksum = (objects) => staying(objects).find(({ labels }) => labels["app.kubernetes.io/name"] === "api").annotations["checksum/config"];
    assert.notEqual(checksum(release("values.yaml")), checksum(release("values-production.yaml")));
  });
});

it("says how much was checked", (context) => context.diagnostic(`${checks} checks of workloads`));
