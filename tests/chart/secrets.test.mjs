// Secret values are in Secrets, and everything else refers to them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RELEASES, release } from "./lib/releases.mjs";
import { containers, workloads } from "./lib/workloads.mjs";

const secretsOf = (objects) => objects.filter(({ kind }) => kind === "Secret");

/** The values of a Secret, in the clear, that are worth hiding: groups of consumers and KEDA's switches are no secrets. */
const hidden = ({ data = {}, stringData = {}, metadata }) => [
  ...Object.values(data).map((value) => Buffer.from(value, "base64").toString()),
  ...Object.entries(stringData).filter(([key]) => key === "key").map(([, value]) => value),
].filter(() => metadata.labels["konghq.com/credential"] !== "acl");

for (const name of Object.keys(RELEASES)) {
  describe(`the secrets of ${name}`, () => {
    const objects = release(name);

    it("are in no other object, neither in the clear nor in base64", () => {
      const others = JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"));
      for (const value of secretsOf(objects).flatMap(hidden)) {
        assert.ok(value.length >= 16, "too short to be one");
        assert.ok(!others.includes(value) && !others.includes(Buffer.from(value).toString("base64")));
      }
    });

    it("come to the pods by reference", () => {
      for (const workload of workloads(objects)) {
        for (const { env = [] } of containers(workload)) {
          for (const { name: variable, value, valueFrom } of env) {
            // RabbitMQ's operator puts the user's name into the Secret with the password.
            const secret = /password|(^|_)key$|secret|token/i.test(variable) || variable === "Bus__RabbitMq__Username";
            assert.equal(secret, valueFrom !== undefined, `${workload.name}: ${variable}`);
            assert.ok(valueFrom === undefined || (valueFrom.secretKeyRef.name && valueFrom.secretKeyRef.key), variable);
            assert.ok(!/:\/\/[^/]*:[^/]*@/.test(value ?? ""), variable);
          }
        }
      }
    });

    it("are in no ConfigMap", () => {
      for (const { metadata, data } of objects.filter(({ kind }) => kind === "ConfigMap")) {
        for (const [key, value] of Object.entries(data)) {
          assert.ok(!/__Password$|__Keys?__/.test(key), `${metadata.name}: ${key}`);
          if (!key.includes(".")) assert.ok(!/:\/\/[^/]*:[^/]*@/.test(value), `${metadata.name}: ${key}`);
        }
      }
    });

    it("are those that the pods ask for, or made by an operator, or named by the values", () => {
      const made = new Set(secretsOf(objects).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
      const byOperator = /^iotbus-kafka-(api|processors|autoscaling|cluster-ca-cert)$/;
      for (const { spec, namespace, name: workload } of workloads(objects)) {
        const asked = [
          ...spec.volumes.filter(({ secret }) => secret).map(({ secret }) => secret.secretName),
          ...containers({ spec }).flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? [])),
        ];
        const named = JSON.stringify(RELEASES[name]) + (name === "values-production.yaml" ? "iotbus-mongodb-auth iotbus-mongodb-reporting" : "");
        for (const secret of asked) assert.ok(made.has(`${namespace}/${secret}`) || byOperator.test(secret) || named.includes(secret), `${workload} asks for ${secret}`);
      }
    });
  });
}

describe("a consumer's key", () => {
  it("is a Secret that Kong takes, and that the consumer names", () => {
    for (const name of Object.keys(RELEASES)) {
      for (const { username, credentials, metadata } of release(name).filter(({ kind }) => kind === "KongConsumer")) {
        const types = credentials.map((credential) => secretsOf(release(name)).find((secret) => secret.metadata.name === credential && secret.metadata.namespace === metadata.namespace))
          .map((secret) => secret?.metadata.labels["konghq.com/credential"]);
        assert.deepEqual(types, username === "ops" ? [undefined, "acl"] : ["key-auth", "acl"], username);
      }
    }
  });
});
