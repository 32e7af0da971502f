// The images are not built here: deploy/Dockerfile is linted, and what it copies is compared with what the projects are built from and publish.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, normalize } from "node:path";
import { describe, it } from "node:test";
import { validate } from "dockerfile-utils";
import { DOCKERFILE, instructions, isCopied } from "./lib/docker.mjs";
import { REPOSITORY } from "./lib/helm.mjs";
import { containers, staying } from "./lib/workloads.mjs";
import { release } from "./lib/releases.mjs";

const of = (keyword) => instructions.filter((instruction) => instruction.keyword === keyword);

describe("deploy/Dockerfile", () => {
  it("has no mistake that a linter finds", () => assert.deepEqual(validate(DOCKERFILE).map(({ message, range }) => `${range.start.line + 1}: ${message}`), []));

  it("builds on images with a version, and runs on the smaller one", () => {
    assert.deepEqual(of("FROM").map(({ args }) => args[0]), ["node:22.12-bookworm", "mcr.microsoft.com/dotnet/sdk:10.0", "mcr.microsoft.com/dotnet/aspnet:10.0"]);
  });

  it("installs only what it names, and keeps no package lists", () => {
    for (const { text } of of("RUN").filter(({ text: command }) => command.includes("apt-get install"))) {
      assert.match(text, /--no-install-recommends/);
      assert.match(text, /rm -rf \/var\/lib\/apt\/lists/);
    }
  });

  it("runs as the user that the pods run as, asks for its health, and says what it is", () => {
    assert.deepEqual(of("USER").map(({ args }) => args[0]), ["$APP_UID"]);
    assert.equal(of("HEALTHCHECK").length, 1);
    assert.match(of("ENTRYPOINT")[0].text, /\["\/bin\/sh", "-c", "exec /);
    for (const label of ["title", "description", "version", "revision", "licenses", "base.name"]) assert.ok(of("LABEL")[0].text.includes(`org.opencontainers.image.${label}=`), label);
  });

  it("opens the ports that the pods name", () => {
    const exposed = of("EXPOSE").flatMap(({ args }) => args.map(Number));
    const asked = staying(release("values.yaml")).filter(({ labels }) => labels["app.kubernetes.io/name"] !== "mongodb").flatMap(containers)
      .flatMap(({ ports }) => ports.map(({ containerPort }) => containerPort));
    assert.deepEqual([...new Set(asked)].sort(), exposed.sort());
  });
});

const run = (command, ...args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: REPOSITORY, encoding: "utf8", maxBuffer: 64 << 20 });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
};

/** Every file that a project is built from, by project, with the projects it refers to: its folder's, and whatever else its project file names. */
function inputs(project, seen = new Map()) {
  if (seen.has(project)) return seen;
  const folder = dirname(project);
  const named = [...readFileSync(`${REPOSITORY}${project}`, "utf8").matchAll(/(?:Include|Import Project|HintPath)="([^"$*;]+[/\\][^"$*;]+)"/g)]
    .map(([, path]) => normalize(join(folder, path.replaceAll("\\", "/"))));
  seen.set(project, [...run("git", "ls-files", folder).trim().split("\n"), ...named]);
  for (const other of named.filter((path) => path.endsWith(".csproj"))) inputs(other, seen);
  return seen;
}

/** What dotnet publish lays down of a service that was built. */
function published(service) {
  const folder = mkdtempSync(join(tmpdir(), "publish-"));
  try {
    run("dotnet", "publish", `src/${service}/${service}.csproj`, "--configuration", "Release", "--no-build", "--no-restore", "--nologo", "--output", folder);
    const names = readdirSync(folder, { recursive: true });
    return { names, dependencies: JSON.parse(readFileSync(join(folder, `IotBus.${service}.deps.json`), "utf8")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("what is copied into the build", () => {
  for (const service of ["Api", "Processors", "Reporting"]) {
    it(`is all that ${service} is built from`, (context) => {
      const files = [...inputs(`src/${service}/${service}.csproj`).values()].flat();
      assert.ok(files.length > 20);
      assert.deepEqual(files.filter((file) => !existsSync(`${REPOSITORY}${file}`) || !isCopied(file)), []);
      context.diagnostic(`${files.length} files`);
    });

    it(`is published whole, so that ${service} starts from it`, (context) => {
      // ./iotbus test builds everything before it comes here.
      assert.ok(existsSync(`${REPOSITORY}src/${service}/bin/Release/net10.0/IotBus.${service}.dll`), "build first: ./iotbus test chart");

      const { names, dependencies } = published(service);

      for (const end of ["dll", "runtimeconfig.json", "deps.json"]) assert.ok(names.includes(`IotBus.${service}.${end}`), end);
      const assemblies = Object.values(dependencies.targets).flatMap(Object.values).flatMap(({ runtime = {} }) => Object.keys(runtime)).map((path) => basename(path));
      assert.ok(assemblies.length > 5);
      assert.deepEqual(assemblies.filter((assembly) => !names.includes(assembly)), []);
      assert.equal(names.includes("Confluent.Kafka.dll"), service !== "Reporting");
      // The stand-ins are for development.
      assert.deepEqual(names.filter((file) => /devmongo|node_modules|DevHost|Tests/i.test(file)), []);
      context.diagnostic(`${names.length} files`);
    });
  }

  it("is what every build of this repository shares", () => {
    for (const file of ["iotbus", "global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig"]) {
      assert.ok(existsSync(`${REPOSITORY}${file}`) && isCopied(file), file);
    }
  });

  it("is nothing else", () => {
    for (const file of [".git/config", ".native/librdkafka.so.1", "docs/network.md", "tests/chart/package.json", "src/Api/obj/project.assets.json", "src/Api/bin/x.dll"]) {
      assert.ok(!isCopied(file), file);
    }
  });
});
