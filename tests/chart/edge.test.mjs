// What Kong lets through, and on which terms: the same as deploy/kong.yml and the services' own edge.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { REPOSITORY, objects } from "./lib/helm.mjs";
import { RELEASES, release } from "./lib/releases.mjs";

const WITH_KONG = Object.keys(RELEASES).filter((name) => release(name).some(({ kind }) => kind === "Ingress"));
const ingress = (name, route) => release(name).find(({ kind, metadata }) => kind === "Ingress" && metadata.name === `iotbus-${route}`);

/** The Ingresses of each service: one for each set of methods. */
const ROUTES = { api: ["api"], reporting: ["reporting"], processors: ["processors", "processors-devices"] };
const ingresses = (name, service) => ROUTES[service].map((route) => ingress(name, route));
const pathsOf = ({ spec }) => spec.rules.flatMap(({ http }) => http.paths);
const kong = parse(readFileSync(`${REPOSITORY}deploy/kong.yml`, "utf8"));

/** The plugins of an Ingress or a consumer, found as Kong finds them: by name in its own namespace. */
function plugins(name, { metadata }) {
  const names = metadata.annotations["konghq.com/plugins"]?.split(",") ?? [];
  return names.map((plugin) => {
    const found = release(name).find((object) => object.kind === "KongPlugin" && object.metadata.name === plugin && object.metadata.namespace === metadata.namespace);
    assert.ok(found, `${metadata.name} names ${plugin}, which is not in ${metadata.namespace}`);
    return found;
  });
}

const under = (path, prefix) => path === prefix || path.startsWith(`${prefix}/`);

describe("routes", () => {
  for (const [service, project] of [["api", "Api"], ["reporting", "Reporting"], ["processors", "Processors"]]) {
    it(`lead to every path of ${project}, and to no other`, () => {
      const { paths } = JSON.parse(readFileSync(`${REPOSITORY}src/${project}/openapi.json`, "utf8"));
      const prefixes = ingresses("values.yaml", service).flatMap(pathsOf).map(({ path, pathType }) => {
        assert.equal(pathType, "Prefix");
        return path;
      });
      for (const path of Object.keys(paths)) assert.ok(prefixes.some((prefix) => under(path, prefix)), path);
      for (const prefix of prefixes) assert.ok(Object.keys(paths).some((path) => under(path, prefix)), prefix);
    });
  }

  it("never lead to a management port, nor to health", () => {
    for (const name of WITH_KONG) {
      for (const service of Object.keys(ROUTES)) {
        for (const { path, backend } of ingresses(name, service).flatMap(pathsOf)) {
          assert.deepEqual(backend.service, { name: `iotbus-${service}`, port: { name: "http" } });
          assert.doesNotMatch(path, /^\/(health|openapi|admin)?$/);
        }
      }
    }
  });

  it("take the methods of their service only", () => {
    assert.equal(ingress("values.yaml", "api").metadata.annotations["konghq.com/methods"], "POST");
    assert.equal(ingress("values.yaml", "reporting").metadata.annotations["konghq.com/methods"], "GET,HEAD");
    assert.equal(ingress("values.yaml", "processors").metadata.annotations["konghq.com/methods"], "GET,HEAD,POST");
    assert.equal(ingress("values.yaml", "processors-devices").metadata.annotations["konghq.com/methods"], "DELETE");
  });

  it("take TLS only, where there is a certificate", () => {
    const { metadata, spec } = ingress("everything on", "api");
    assert.equal(metadata.annotations["konghq.com/protocols"], "https");
    assert.deepEqual(spec.tls, [{ secretName: "tls", hosts: ["a.example"] }]);
    assert.equal(ingress("values.yaml", "api").spec.tls, undefined);
  });

  it("are Kong's", () => {
    for (const name of WITH_KONG) assert.equal(ingress(name, "api").spec.ingressClassName, "kong");
  });
});

describe("each route", () => {
  for (const name of WITH_KONG) {
    it(`of ${name} asks for a key, a group, a rate and a size, marks the request and counts it`, () => {
      for (const route of Object.values(ROUTES).flat()) {
        assert.deepEqual(plugins(name, ingress(name, route)).map(({ plugin }) => plugin), ["correlation-id", "key-auth", "acl", "rate-limiting", "request-size-limiting", "prometheus"]);
      }
    });
  }

  it("has the terms of deploy/kong.yml", () => {
    assert.deepEqual(kong.services.map(({ name }) => name), Object.keys(ROUTES));
    for (const { name: service, plugins: terms } of kong.services) {
      const ours = Object.fromEntries(plugins("values.yaml", ingress("values.yaml", service)).map(({ plugin, config }) => [plugin, config]));
      for (const { name: plugin, config } of terms) {
        for (const [key, value] of Object.entries(config)) {
          const [left, right] = [ours[plugin][key], value].map((item) => (Array.isArray(item) ? [...item].sort() : item));
          assert.deepEqual(left, right, `${service} ${plugin} ${key}`);
        }
      }
    }
  });

  it("is counted and timed, but not each caller apart", () => {
    const [{ config }] = plugins("values.yaml", ingress("values.yaml", "api")).filter(({ plugin }) => plugin === "prometheus");
    assert.deepEqual(config, { status_code_metrics: true, latency_metrics: true, bandwidth_metrics: true, upstream_health_metrics: true, per_consumer: false });
    assert.ok(!objects({ set: ["edge.metrics.enabled=false"] }).some((object) => object.plugin === "prometheus"));
  });

  it("counts in Redis where that is asked for, with its password by reference", () => {
    const limits = release("everything on").filter(({ plugin }) => plugin === "rate-limiting");
    assert.ok(limits.length >= 3);
    for (const { config, configPatches } of limits) {
      assert.equal(config.policy, "redis");
      assert.equal(config.redis.host, "redis.example");
      assert.equal(config.redis.password, undefined);
      assert.deepEqual(configPatches, [{ path: "/redis/password", valueFrom: { secretKeyRef: { name: "redis", key: "password" } } }]);
    }
  });
});

describe("a consumer", () => {
  const consumer = (name, username) => release(name).find((object) => object.kind === "KongConsumer" && object.username === username);

  it("of group gateway has a gateway's rate, and a device the route's", () => {
    const [limit] = plugins("values-minikube.yaml", consumer("values-minikube.yaml", "iotbus-test"));
    assert.equal(limit.config.second, 10000);
    assert.deepEqual(plugins("values-minikube.yaml", consumer("values-minikube.yaml", "sensor-42")), []);
  });

  it("with a rate of its own has that", () => assert.equal(plugins("everything on", consumer("everything on", "sensor_1"))[0].config.second, 20));

  it("keeps its name, which is the device's, whatever its object is called", () => {
    assert.equal(consumer("everything on", "sensor_1").metadata.name, "iotbus-consumer-sensor-1");
  });
});
