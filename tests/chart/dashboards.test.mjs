// Grafana's dashboards: what Grafana can read, made of queries that Prometheus can, about metrics that there are.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { DASHBOARDS } from "../../helm/dashboards/index.mjs";
import { dashboardFile, dashboardJson } from "./lib/dashboards.mjs";
import { CHART, objects } from "./lib/helm.mjs";
import { accepts, namesOnlyKnown, skip } from "./lib/monitoring.mjs";
import { release } from "./lib/releases.mjs";
import { dashboardErrors } from "./lib/types.mjs";

const RELEASE = "values-production.yaml";
const maps = (all) => all.filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith("iotbus-dashboard-"));
const rendered = maps(release(RELEASE)).map(({ metadata, data }) => ({ metadata, json: JSON.parse(Object.values(data)[0]) }));
const panelsOf = ({ panels }) => panels.filter(({ type }) => type !== "row");

/** What Grafana puts in for the variables. */
const VALUES = { release: "iotbus", namespace: "(kafka|metrics)", topic: ".*", group: ".*", kong: ".*", __rate_interval: "2m", __range: "3h" };
const filledIn = (expr) => expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, a, b) => {
  assert.ok((a ?? b) in VALUES, `${whole} is no variable`);
  return VALUES[a ?? b];
});
const queriesOf = (json) => [
  ...panelsOf(json).flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `${json.title}: ${title}`, expr }))),
  ...json.annotations.list.map(({ name, expr }) => ({ where: `${json.title}: annotation ${name}`, expr })),
];

describe("the dashboards' files", () => {
  it("are those that the code makes", () => {
    assert.deepEqual(readdirSync(`${CHART}/charts/monitoring/files/dashboards`).sort(), Object.keys(DASHBOARDS).map((name) => `${name}.json`).sort());
    for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
      assert.equal(readFileSync(dashboardFile(name), "utf8"), dashboardJson(dashboard), `make ${name} anew: node tests/chart/write-docs.mjs`);
    }
  });

  it("are what Grafana's own types allow, panel by panel", () => assert.deepEqual(dashboardErrors(rendered.map(({ json }) => json)), []));

  it("would not pass with a misspelt option", () => {
    const json = structuredClone(rendered[0].json);
    json.panels.find(({ type }) => type === "timeseries").options.legend.placment = "right";
    json.grafTooltip = 1;
    const errors = dashboardErrors([json]).join();
    assert.match(errors, /placment/);
    assert.match(errors, /grafTooltip/);
  });
});

describe("the dashboards' ConfigMaps", () => {
  it("are five, which Grafana's sidecar finds by label, with their folder", () => {
    assert.deepEqual(rendered.map(({ metadata }) => metadata.name).sort(), ["exactly-once", "ingestion", "kafka", "kong", "overview"].map((name) => `iotbus-dashboard-${name}`));
    for (const { metadata } of rendered) {
      assert.equal(metadata.labels.grafana_dashboard, "1");
      assert.equal(metadata.namespace, "metrics");
      assert.deepEqual(metadata.annotations, { grafana_folder: "IotBus" });
    }
  });

  it("bear the label, the folder and the namespace of the values", () => {
    const made = maps(objects({ set: ["monitoring.enabled=true", 'monitoring.dashboards={"namespace":"grafana","labels":["find=me","and=me"],"folder":"Factory","folderAnnotation":"k8s-sidecar-target-directory"}'] }));
    assert.equal(made.length, 5);
    for (const { metadata } of made) {
      assert.deepEqual([metadata.namespace, metadata.labels.find, metadata.labels.and, metadata.labels.grafana_dashboard], ["grafana", "me", "me", undefined]);
      assert.deepEqual(metadata.annotations, { "k8s-sidecar-target-directory": "Factory" });
    }
    assert.equal(maps(objects({ set: ["monitoring.enabled=true", 'monitoring.dashboards.folderAnnotation=""'] }))[0].metadata.annotations, undefined);
  });

  it("are left out where they are not wanted, and Kong's where there is no Kong", () => {
    assert.equal(maps(objects({ set: ["monitoring.enabled=true", "monitoring.dashboards.enabled=false"] })).length, 0);
    const without = objects({ set: ["monitoring.enabled=true", "edge.enabled=false", 'global.edge={"mode":"Embedded","consumersSecret":"c"}'] });
    assert.deepEqual(maps(without).map(({ metadata }) => metadata.name).filter((name) => name.endsWith("kong")), []);
    assert.equal(maps(without).length, 4);
  });

  it("of two releases have addresses of their own, which Grafana takes", () => {
    const other = maps(objects({ set: ["monitoring.enabled=true"], release: "a-release-with-a-name-as-long-as-helm-allows-them" })
      .map((object) => ({ ...object, metadata: { ...object.metadata, name: object.metadata.name.replace(/^a-release.*?-dashboard/, "iotbus-dashboard") } })));
    assert.equal(other.length, 5);
    const uids = [...rendered.map(({ json }) => json), ...other.map(({ data }) => JSON.parse(Object.values(data)[0]))].map(({ uid }) => uid);
    assert.equal(new Set(uids).size, 10);
    for (const uid of uids) assert.match(uid, /^[A-Za-z0-9_-]{1,40}$/);
  });
});

describe("each dashboard", () => {
  for (const { json } of rendered) {
    it(`${json.title} lets one choose the data source, the release and the namespace`, () => {
      const variables = Object.fromEntries(json.templating.list.map((variable) => [variable.name, variable]));
      assert.equal(variables.datasource.type, "datasource");
      assert.equal(variables.release.current.value, "iotbus");
      assert.ok(variables.namespace.multi && variables.namespace.includeAll);
      for (const { datasource, targets, title } of panelsOf(json)) {
        for (const { uid } of [datasource, ...targets.map((target) => target.datasource)]) assert.equal(uid, "${datasource}", title);
      }
    });

    it(`${json.title} explains each panel, and gives it a unit`, () => {
      const titles = panelsOf(json).map(({ title }) => title);
      assert.ok(titles.length >= 12);
      assert.equal(new Set(titles).size, titles.length);
      for (const { title, description, fieldConfig } of panelsOf(json)) {
        assert.match(description, /^.{10,}[.]$/s, title);
        assert.ok(fieldConfig.defaults.unit, title);
        assert.equal(fieldConfig.defaults.thresholds.steps[0].value, null, title);
        const bounds = fieldConfig.defaults.thresholds.steps.slice(1).map(({ value }) => value);
        assert.deepEqual(bounds, [...bounds].sort((a, b) => a - b), title);
      }
    });

    it(`${json.title} places its panels side by side, none over another`, () => {
      const taken = new Map();
      for (const { id, title, gridPos: { x, y, w, h } } of json.panels) {
        assert.ok(w > 0 && h > 0 && x >= 0 && x + w <= 24, title);
        for (let column = x; column < x + w; column += 1) {
          for (let line = y; line < y + h; line += 1) {
            assert.ok(!taken.has(`${column},${line}`), `${title} lies over ${taken.get(`${column},${line}`)}`);
            taken.set(`${column},${line}`, title);
          }
        }
        assert.equal(json.panels.filter((other) => other.id === id).length, 1);
      }
    });

    it(`${json.title} names only metrics and labels that there are`, (context) => {
      const names = queriesOf(json).flatMap(({ where, expr }) => namesOnlyKnown(filledIn(expr), where));
      for (const { type, definition, name, query } of json.templating.list.filter((variable) => variable.type === "query")) {
        const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(definition);
        assert.equal(query.query, definition, type);
        names.push(...namesOnlyKnown(`sum by (${label}) (${filledIn(selector)})`, `${json.title}: variable ${name}`));
      }
      context.diagnostic(`${queriesOf(json).length} queries, ${new Set(names).size} metrics`);
    });

    it(`${json.title} asks what Prometheus can read`, { skip }, () => {
      const rules = queriesOf(json).map(({ expr }, i) => ({ record: `query:number_${i}`, expr: filledIn(expr) }));
      const said = accepts("check", { "queries.yaml": { groups: [{ name: "queries", rules }] } });
      assert.match(said, new RegExp(`SUCCESS: ${rules.length} rules found`));
    });
  }

  it("is not the only place where a query's variable is known", () => assert.throws(() => filledIn("up{pod=~\"$pod\"}"), /\$pod is no variable/));
});
