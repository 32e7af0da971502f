import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Ajv from "ajv";
import { isRemoved, moduleOf } from "./lib/kinds.mjs";
import { RELEASES, release } from "./lib/releases.mjs";
import { typeErrors } from "./lib/types.mjs";
import * as kong from "./schemas/kong.mjs";

const ajv = new Ajv({ allErrors: true, strictTypes: false });
const kongs = Object.fromEntries(Object.entries(kong).map(([kind, schema]) => [kind, ajv.compile(schema)]));

async function schemaErrors(object) {
  const module = moduleOf(object);
  if (module === undefined) {
    const validate = kongs[object.kind];
    return validate(object) ? [] : validate.errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  }
  const { [object.kind]: Kind } = await import(module);
  try {
    new Kind(object).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

describe("the schema of its kind accepts each object", () => {
  for (const name of Object.keys(RELEASES)) {
    it(`of ${name}`, async () => {
      const errors = [];
      for (const object of release(name)) {
        for (const error of await schemaErrors(object)) errors.push(`${object.kind} ${object.metadata.name}: ${error}`);
      }
      assert.deepEqual(errors, []);
    });
  }
});

it("no object has a field that its kind does not know", () => {
  const all = new Map();
  for (const object of Object.keys(RELEASES).flatMap(release)) if (moduleOf(object) !== undefined) all.set(JSON.stringify(object), object);
  assert.ok(all.size > 100);
  assert.deepEqual(typeErrors([...all.values()]), []);
});

it("no object is of an API that Kubernetes or an operator has removed", () => {
  for (const object of Object.keys(RELEASES).flatMap(release)) assert.ok(!isRemoved(object), `${object.apiVersion} ${object.kind}`);
});

describe("the checks themselves", () => {
  const find = (kind, where = () => true) => structuredClone(Object.keys(RELEASES).flatMap(release).find((object) => object.kind === kind && where(object)));

  it("find a misspelt field of Kubernetes", () => {
    const object = find("Deployment");
    object.spec.template.spec.containers[0].readinesProbe = {};
    assert.match(typeErrors([object]).join(), /readinesProbe/);
  });

  it("find a misspelt field of Strimzi", () => {
    const object = find("KafkaUser");
    object.spec.authorization.acls[0].operation = "Read";
    assert.match(typeErrors([object]).join(), /operation/);
  });

  it("find a wrong value", async () => {
    const object = find("KafkaNodePool");
    object.spec.roles = ["zookeeper"];
    assert.match((await schemaErrors(object)).join(), /roles/);
  });

  it("find a plugin's misspelt setting", async () => {
    const object = find("KongPlugin", ({ plugin }) => plugin === "key-auth");
    object.config.hide_credential = true;
    assert.match((await schemaErrors(object)).join(), /hide_credential/);
  });

  it("find a plugin that shows keys to the services", async () => {
    const object = find("KongPlugin", ({ plugin }) => plugin === "key-auth");
    object.config.hide_credentials = false;
    assert.match((await schemaErrors(object)).join(), /hide_credentials/);
  });

  it("find an old API", () => {
    assert.ok(isRemoved({ apiVersion: "policy/v1beta1", kind: "PodDisruptionBudget" }));
    assert.ok(isRemoved({ apiVersion: "kafka.strimzi.io/v1beta2", kind: "Kafka" }));
    assert.ok(!isRemoved({ apiVersion: "policy/v1", kind: "PodDisruptionBudget" }));
  });
});
