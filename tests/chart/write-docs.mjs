// Makes the generated files anew: node tests/chart/write-docs.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DASHBOARDS } from "../../helm/dashboards/index.mjs";
import { dashboardFile, dashboardJson } from "./lib/dashboards.mjs";
import { CHART } from "./lib/helm.mjs";
import { NETWORK_DOC, networkDoc } from "./lib/network-doc.mjs";
import { readme } from "./lib/readme.mjs";

for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  mkdirSync(dirname(dashboardFile(name)), { recursive: true });
  writeFileSync(dashboardFile(name), dashboardJson(dashboard));
}
writeFileSync(`${CHART}/README.md`, readme());
writeFileSync(NETWORK_DOC, networkDoc());
