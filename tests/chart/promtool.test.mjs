// How ./iotbus gets promtool on a machine that has none: out of Debian's package, without installing it, or not at all, and it says so.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { REPOSITORY } from "./lib/helm.mjs";

const NEEDED = ["bash", "sh", "cat", "cp", "dirname", "readlink", "mktemp", "rm", "mkdir", "mv", "tar", "id", "dpkg-deb"];
const where = (command) => spawnSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).stdout.trim();
const skip = where("dpkg-deb") ? false : "there is no dpkg-deb here";

describe("./iotbus without promtool", { skip }, () => {
  let machine;

  beforeEach(() => {
    machine = mkdtempSync(join(tmpdir(), "promtool-"));
    mkdirSync(join(machine, "commands"));
    mkdirSync(join(machine, "tmp"));
    for (const command of NEEDED) symlinkSync(where(command), join(machine, "commands", command));
    // The script as it is, up to where it looks which command it was given.
    writeFileSync(join(machine, "iotbus"), readFileSync(`${REPOSITORY}iotbus`, "utf8").split("# --- Commands ---")[0]);
  });
  afterEach(() => rmSync(machine, { recursive: true }));

  const command = (name, body) => {
    writeFileSync(join(machine, "commands", name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(machine, "commands", name), 0o755);
  };

  /** A package prometheus with this file in it, as apt-get download would lay it down. */
  const packageWith = (path, body) => {
    const content = join(machine, "content");
    mkdirSync(join(content, "DEBIAN"), { recursive: true });
    mkdirSync(join(content, path, ".."), { recursive: true });
    writeFileSync(join(content, "DEBIAN/control"), "Package: prometheus\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example>\nDescription: a stand-in\n");
    writeFileSync(join(content, path), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    const { status, stderr } = spawnSync("dpkg-deb", ["--build", "--root-owner-group", content, join(machine, "stand-in.deb")], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    command("apt-get", `case "$*" in *"download prometheus") cp ${machine}/stand-in.deb prometheus_1_all.deb ;; *) echo "apt-get $*" >> ${machine}/asked; exit 100 ;; esac`);
  };

  const run = () => spawnSync("bash", ["-c", `source ${machine}/iotbus && need_promtool`], { encoding: "utf8", env: { PATH: join(machine, "commands"), HOME: machine, TMPDIR: join(machine, "tmp") } });
  const tool = () => join(machine, "artifacts/tools/promtool");
  const left = () => [...readdirSync(join(machine, "tmp")), ...(existsSync(join(machine, "artifacts/tools")) ? readdirSync(join(machine, "artifacts/tools")) : [])];

  it("takes the tool alone out of the package, installs nothing, and says so", () => {
    packageWith("usr/bin/promtool", "echo promtool, version 1");

    const { status, stderr } = run();

    assert.deepEqual([status, stderr], [0, "iotbus: fetching promtool from Debian's package prometheus (nothing is installed)\n"]);
    assert.equal(spawnSync(tool(), ["--version"], { encoding: "utf8" }).stdout, "promtool, version 1\n");
    assert.ok(!existsSync(join(machine, "asked")), "it asked apt-get for more than the download");
    assert.deepEqual(left(), ["promtool"]);
  });

  it("fetches it once", () => {
    packageWith("usr/bin/promtool", "echo promtool, version 1");
    run();
    command("apt-get", "exit 100");

    assert.deepEqual([run().status, run().stderr], [0, ""]);
  });

  it("uses the one that is installed", () => {
    command("promtool", "exit 0");

    assert.deepEqual([run().status, run().stderr], [0, ""]);
    assert.deepEqual(left(), []);
  });

  for (const [what, make] of [
    ["the package cannot be fetched", () => command("apt-get", "exit 100")],
    ["the package has no promtool any more", () => packageWith("usr/bin/prometheus", "exit 0")],
    ["the tool does not run here", () => packageWith("usr/bin/promtool", "exit 1")],
  ]) {
    it(`goes on when ${what}: the tests that need it are skipped`, () => {
      make();

      const { status, stderr } = run();

      assert.equal(status, 0);
      assert.match(stderr, /promtool could not be fetched, so the tests of the alerts are skipped\. As root: apt-get update, then run this again\.\n$/);
      assert.deepEqual(left(), []);
    });
  }

  it("says where it comes from, on a system without Debian's packages", () => {
    const { status, stderr } = run();

    assert.deepEqual([status, stderr], [0, "iotbus: promtool is missing, so the tests of the alerts are skipped. It comes with Prometheus (https://prometheus.io/download).\n"]);
  });
});
