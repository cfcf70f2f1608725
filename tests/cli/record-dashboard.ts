/**
 * Records what the live screen shows of a real run, for docs/dashboard.md: starts `exp run` in tmux and prints the
 * screen at some moments. Build first, then:
 *
 *   npx tsc tests/cli/record-dashboard.ts --ignoreConfig --outDir <folder> --module nodenext --target es2023 \
 *     --types node --skipLibCheck
 *   node <folder>/record-dashboard.js packages/runner/bin/exp.js experiments/quickstart.exp 80x24 2,4,6
 *
 * Further words go to `exp run`, such as `--set data=FOLDER`. The store is a new one every time.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [bin = "", program = "", size = "80x24", seconds = "2,4,6", ...options] = process.argv.slice(2);
const [columns = "80", rows = "24"] = size.split("x");
const folder = mkdtempSync(join(tmpdir(), "exp-record-"));
const server = ["-L", `exp-record-${String(process.pid)}`, "-f", "/dev/null"];

function tmux(...argv: readonly string[]): string {
  return execFileSync("tmux", [...server, ...argv], { encoding: "utf8" });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}

const command = [process.execPath, resolve(bin), "run", program, "--store", join(folder, "store"), ...options];
try {
  const line = `env -u CI -u NO_COLOR ${command.map(quote).join(" ")}; sleep 600`;
  tmux("new-session", "-d", "-x", columns, "-y", rows, line);
  let passed = 0;
  for (const moment of seconds.split(",").map(Number)) {
    await sleep((moment - passed) * 1000);
    passed = moment;
    const screen = tmux("capture-pane", "-p")
      .split("\n")
      .map((text) => text.trimEnd());
    console.log(`--- after ${String(moment)} s\n${screen.join("\n").trimEnd()}\n`);
  }
} finally {
  tmux("kill-server");
  rmSync(folder, { recursive: true, force: true });
}
