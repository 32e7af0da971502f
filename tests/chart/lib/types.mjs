// Checks objects against the TypeScript types of their kinds: unlike the schemas, those know every field there is, so a misspelt one is found.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { moduleOf } from "./kinds.mjs";

const FILE = fileURLToPath(new URL("../objects.ts", import.meta.url)); // never written

// Grafana's types have enumerations where JSON has their texts.
const JSON_OF = "type Json<T> = T extends string ? `${T}` : T extends number ? number : T extends object ? { [K in keyof T]: Json<T[K]> } : T;";

/** What the type checker says of values, each with its type: one message each, with the value's name. */
function errorsOf(values) {
  const lines = [JSON_OF, ...values.map(({ type, value }, i) => `export const o${i}: ${type} = ${JSON.stringify(value)};`)];
  const options = { noEmit: true, strict: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, types: [] };
  const host = ts.createCompilerHost(options);
  const [read, exists] = [host.readFile, host.fileExists];
  host.readFile = (name) => (name === FILE ? lines.join("\n") : read(name));
  host.fileExists = (name) => name === FILE || exists(name);
  const program = ts.createProgram([FILE], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const { name } = values[file.getLineAndCharacterOfPosition(start).line - 1];
    return `${name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** What is wrong with Kubernetes' objects. */
export const typeErrors = (objects) => errorsOf(objects.map((object) => ({
  name: `${object.kind} ${object.metadata.name}`, type: `import("${moduleOf(object)}/${object.kind}").I${object.kind}`, value: object,
})));

// Fields of the Prometheus data source, which the types of the whole know nothing of.
function withoutPrometheus(dashboard) {
  const copy = structuredClone(dashboard);
  for (const annotation of copy.annotations.list) for (const field of ["expr", "titleFormat", "tagKeys"]) delete annotation[field];
  for (const variable of copy.templating.list) delete variable.definition;
  return copy;
}

const GRAFANA = "./node_modules/@grafana/schema/dist/types/raw";
const panelType = (type, kind) => `import("${GRAFANA}/composable/${type}/panelcfg/x/types.gen.js").${kind}`;

/** What is wrong with Grafana's dashboards: the whole, and each panel's own options, which the whole leaves open. */
export const dashboardErrors = (dashboards) => errorsOf(dashboards.flatMap((dashboard) => [
  { name: dashboard.title, type: `Json<import("${GRAFANA}/dashboard/x/types.gen.js").Dashboard>`, value: withoutPrometheus(dashboard) },
  ...dashboard.panels.filter(({ type }) => type !== "row").flatMap(({ type, title, options, fieldConfig }) => [
    { name: `${dashboard.title}: ${title}: options`, type: `Json<${panelType(type, "Options")}>`, value: options },
    ...(fieldConfig.defaults.custom ? [{ name: `${dashboard.title}: ${title}: custom`, type: `Json<${panelType(type, "FieldConfig")}>`, value: fieldConfig.defaults.custom }] : []),
  ]),
]));
