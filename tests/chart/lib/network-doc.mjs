// docs/network.md: its prose as it is, its diagram from the rendered policies.
import { readFileSync } from "node:fs";
import { diagram } from "./diagram.mjs";
import { REPOSITORY } from "./helm.mjs";
import { release } from "./releases.mjs";

export const NETWORK_DOC = `${REPOSITORY}docs/network.md`;

export const networkDoc = () =>
  readFileSync(NETWORK_DOC, "utf8").replace(/(```mermaid\n).*?(```)/s, (_, start, end) => `${start}${diagram(release("values-production.yaml"))}${end}`);
