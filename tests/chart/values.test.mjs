// What users write: every value is documented and known to the schema, and what is wrong is refused with words that help.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { CHART, template } from "./lib/helm.mjs";
import { readme } from "./lib/readme.mjs";
import { FILES } from "./lib/releases.mjs";
import { documented, leaves, read } from "./lib/values.mjs";
import { REFUSED } from "./lib/refused-values.mjs";

const schema = JSON.parse(readFileSync(`${CHART}/values.schema.json`, "utf8"));
const resolve = (node) => (node?.$ref ? schema.definitions[node.$ref.split("/").at(-1)] : node);

/** The schema's node of a path, or undefined where it knows none. */
const schemaOf = (path) => path.reduce((node, key) => resolve(node?.properties?.[key] ?? (typeof node?.additionalProperties === "object" ? node.additionalProperties : undefined)), schema);

describe("values.yaml", () => {
  it("says of every value what it does", () => {
    const known = documented().filter(({ path }) => path.length > 1).map(({ path }) => path.join("."));
    const missing = leaves(read("values.yaml")).map((path) => path.join(".")).filter((path) => !known.some((prefix) => `${path}.`.startsWith(`${prefix}.`)));
    assert.deepEqual(missing, []);
  });

  it("has no value that the schema does not know", () => {
    const free = ["settings", "requests", "limits", "podLabels", "config"]; // maps whose keys are the user's
    const unknown = leaves(read("values.yaml")).filter((path) => !path.some((key) => free.includes(key)) && schemaOf(path) === undefined);
    assert.deepEqual(unknown, []);
  });

  it("has every value that the schema knows", () => {
    const paths = (node, path) => Object.entries(resolve(node).properties ?? {}).flatMap(([key, child]) => {
      const inner = resolve(child);
      return inner.properties && !["resources"].includes(key) ? paths(inner, [...path, key]) : [[...path, key]];
    });
    const values = read("values.yaml");
    const absent = paths(schema, [])
      .filter(([section, key]) => key !== "global" && section !== "library")
      .filter((path) => path.reduce((value, key) => value?.[key], values) === undefined);
    assert.deepEqual(absent.map((path) => path.join(".")), []);
  });

  it("is what the README's tables say", () =>
    assert.equal(readFileSync(`${CHART}/README.md`, "utf8"), readme(), "make it anew: node tests/chart/write-docs.mjs"));
});

describe("the other values files", () => {
  for (const file of FILES.slice(1)) {
    it(`${file} sets only what values.yaml has`, () => {
      const defaults = read("values.yaml");
      for (const path of leaves(read(file))) {
        const at = path.slice(0, -1).reduce((value, key) => value?.[key], defaults);
        assert.ok(path.at(-1) in at || path.includes("settings"), path.join("."));
      }
    });
  }
});

describe("helm refuses", () => {
  for (const { set, because } of REFUSED) {
    it([set].flat().join(" "), () => {
      const { status, stdout, stderr } = template({ set: [set].flat() });
      assert.notEqual(status, 0, "it took them");
      assert.equal(stdout, "");
      assert.match(stderr, because);
    });
  }

  it("a table of bad values", (context) => context.diagnostic(`${REFUSED.length} bad values refused`));
});
