// Makes the generated documents anew: node tests/chart/write-docs.mjs
import { writeFileSync } from "node:fs";
import { CHART } from "./lib/helm.mjs";
import { NETWORK_DOC, networkDoc } from "./lib/network-doc.mjs";
import { readme } from "./lib/readme.mjs";

writeFileSync(`${CHART}/README.md`, readme());
writeFileSync(NETWORK_DOC, networkDoc());
