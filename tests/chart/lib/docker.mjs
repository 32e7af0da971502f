// What deploy/Dockerfile copies from the repository, and what .dockerignore keeps from it.
import { readFileSync } from "node:fs";
import { DockerfileParser } from "dockerfile-ast";
import { REPOSITORY } from "./helm.mjs";

export const DOCKERFILE = readFileSync(`${REPOSITORY}deploy/Dockerfile`, "utf8");

export const instructions = DockerfileParser.parse(DOCKERFILE).getInstructions().map((instruction) => ({
  keyword: instruction.getKeyword(),
  flags: instruction.getFlags?.().map((flag) => flag.toString()) ?? [],
  args: instruction.getArguments().map((argument) => argument.getValue()),
  text: instruction.toString(),
}));

/** The sources of COPY that are in the repository, not in another stage. */
const sources = instructions.filter(({ keyword, flags }) => keyword === "COPY" && flags.length === 0).flatMap(({ args }) => args.slice(0, -1));

const rules = readFileSync(`${REPOSITORY}.dockerignore`, "utf8").split("\n").filter((line) => line && !line.startsWith("#")).map((line) => {
  const pattern = line.replace(/^!/, "").replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*\*\//g, "(.*/)?").replace(/(?<!\.)\*/g, "[^/]*");
  return { keeps: line.startsWith("!"), pattern: new RegExp(`^${pattern}(/|$)`) };
});

/** Whether a file (relative to the repository) gets into the build: of the rules that match it or a folder above it, the last counts. */
export function isCopied(file) {
  const covered = sources.some((source) => file === source || file.startsWith(`${source}/`));
  const last = rules.findLast(({ pattern }) => pattern.test(file));
  return covered && (last?.keeps ?? true);
}
