// values.yaml as documentation: one comment right above each value.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { CHART } from "./helm.mjs";

export const read = (file) => parse(readFileSync(`${CHART}/${file}`, "utf8"));

/** Every documented value in order: its path, its comment, its default. */
export function documented(text = readFileSync(`${CHART}/values.yaml`, "utf8")) {
  const values = parse(text);
  const found = [];
  const path = []; // { indent, key }
  let comment = [];
  for (const line of text.split("\n")) {
    const [, indent, rest] = /^( *)(.*)$/.exec(line);
    if (rest.startsWith("# ")) {
      comment.push(rest.slice(2));
      continue;
    }
    const key = /^([A-Za-z_]+):/.exec(rest)?.[1];
    if (key) {
      while (path.length > 0 && path.at(-1).indent >= indent.length) path.pop();
      path.push({ indent: indent.length, key });
      if (comment.length > 0) {
        const keys = path.map((entry) => entry.key);
        found.push({ path: keys, comment: comment.join(" "), value: keys.reduce((value, name) => value[name], values) });
      }
    }
    comment = [];
  }
  return found;
}

/** The paths of all values that are no maps, or empty ones. */
export function leaves(values, path = []) {
  if (values !== null && typeof values === "object" && !Array.isArray(values) && Object.keys(values).length > 0) {
    return Object.entries(values).flatMap(([key, value]) => leaves(value, [...path, key]));
  }
  return [path];
}
