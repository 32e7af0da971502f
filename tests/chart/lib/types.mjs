// Checks objects against the TypeScript types of their kinds: unlike the schemas, those know every field there is, so a misspelt one is found.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { moduleOf } from "./kinds.mjs";

const FILE = fileURLToPath(new URL("../objects.ts", import.meta.url)); // never written

/** What the type checker says of the objects: one message each, with the object's kind and name. */
export function typeErrors(objects) {
  const lines = objects.map((object, i) => {
    const type = `import("${moduleOf(object)}/${object.kind}").I${object.kind}`;
    return `export const o${i}: ${type} = ${JSON.stringify(object)};`;
  });
  const options = { noEmit: true, strict: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, types: [] };
  const host = ts.createCompilerHost(options);
  const [read, exists] = [host.readFile, host.fileExists];
  host.readFile = (name) => (name === FILE ? lines.join("\n") : read(name));
  host.fileExists = (name) => name === FILE || exists(name);
  const program = ts.createProgram([FILE], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const { kind, metadata } = objects[file.getLineAndCharacterOfPosition(start).line];
    return `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
