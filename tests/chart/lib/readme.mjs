// The chart's README: its prose from README.template.md, its tables from values.yaml.
import { readFileSync, readdirSync } from "node:fs";
import { stringify } from "yaml";
import { CHART } from "./helm.mjs";
import { documented } from "./values.mjs";

const cell = (text) => text.replaceAll("|", "\\|");

function shown(value) {
  if (value === "" || value === null) return "";
  return `\`${cell(typeof value === "object" ? stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim() : String(value))}\``;
}

function table(rows) {
  return [
    "| value | default | what it does |",
    "|---|---|---|",
    ...rows.map(({ path, comment, value }) => `| \`${path.join(".")}\` | ${shown(value)} | ${cell(comment)} |`),
  ].join("\n");
}

/** How many alerts the chart's rule files hold. */
function alerts() {
  const folder = `${CHART}/charts/monitoring/files/rules`;
  return readdirSync(folder).flatMap((file) => readFileSync(`${folder}/${file}`, "utf8").match(/^- alert:/gm)).length;
}

export function readme() {
  const sections = new Map();
  for (const row of documented()) {
    const [section] = row.path;
    // The comment above a section itself is no value.
    if (row.path.length > 1) sections.set(section, [...(sections.get(section) ?? []), row]);
  }
  const tables = [...sections].map(([section, rows]) => `### ${section}\n\n${table(rows)}`).join("\n\n");
  return readFileSync(`${CHART}/README.template.md`, "utf8").replace("@alerts@", alerts()).replace("<!-- values -->", () => tables);
}
