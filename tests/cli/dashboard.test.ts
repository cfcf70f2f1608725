import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";
import { hasPseudoTerminals, runInTerminal, type RunningTerminal } from "./pseudo-terminal.ts";

/** Enough work that there is a middle to be stopped in, however seldom a busy machine draws the screen. */
const longProgram = smallProgram
  .replace("train: 60, val: 20, test: 60", "train: 600, val: 20, test: 600")
  .replace("width: 64, depth: 2, heads: 2", "width: 192, depth: 12, heads: 3");

const enter = "\u001b[?1049h";
const leave = "\u001b[?1049l";
const showCursor = "\u001b[?25h";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("small.exp", smallProgram);
  place.write("long.exp", longProgram);
});
afterEach(() => {
  place.close();
});

if (!hasPseudoTerminals) console.warn("SKIPPED: the live screen needs `script` of util-linux to be tested.");

/** What stands on the ordinary screen after the live one, without its colours. */
function afterwards(output: string): string {
  return stripVTControlCharacters(output.slice(output.lastIndexOf(leave) + leave.length)).replaceAll("\r\n", "\n");
}

/** Does something once the screen shows this. */
function once(
  shown: string,
  act: (terminal: RunningTerminal) => void,
): (output: string, terminal: RunningTerminal) => void {
  let isDone = false;
  return (output, terminal) => {
    if (isDone || !output.includes(shown)) return;
    isDone = true;
    act(terminal);
  };
}

/** An image that is being passed through a backbone is a while from the end. */
const atWork = "extract";

/** Drawing images is no native code: a process that ends under it ends as it says. */
const atDrawing = "phantoms";

describe.skipIf(!hasPseudoTerminals)("the live screen of `exp run`", () => {
  const run = (argv: readonly string[], onOutput?: (output: string, terminal: RunningTerminal) => void, columns = 80) =>
    runInTerminal({
      ...{ folder: place.folder, argv: ["run", ...argv], columns },
      ...(onOutput === undefined ? {} : { onOutput }),
    });

  it("leaves what plain lines leave at their end: the summary, then the tables", async () => {
    // Wide enough for every line of what is printed at the end.
    const { exitCode, output } = await run(["small.exp"], undefined, 300);
    const plain = await place.exp("run", "small.exp", "--quiet");
    expect(exitCode).toBe(0);
    expect(output.split(enter).length - 1).toBe(1);
    expect(output.split(leave).length - 1).toBe(1);
    expect(output.lastIndexOf(showCursor)).toBeGreaterThan(output.indexOf(enter));
    expect(afterwards(output)).toMatch(
      /^small\.exp: 20 tasks, 0 stored, 20 to run\ndevice: \w+ \(.*\)\n20 computed, 0 stored · 120 images/,
    );
    expect(afterwards(output).endsWith(plain.out)).toBe(true);
  });

  it("q brings what runs to a safe end", async () => {
    const { exitCode, output } = await run(
      ["long.exp"],
      once(atWork, ({ press }) => press("q")),
    );
    expect(exitCode).toBe(130);
    expect(stripVTControlCharacters(output)).toContain("stopping");
    expect(afterwards(output)).toContain("no answer yet");
    expect(afterwards(output)).toMatch(/Stopped\. Run again to go on\.\n$/);
  });

  it.each([
    ["Q", once(atWork, ({ press }) => press("Q"))],
    ["Ctrl-C twice", once(atWork, ({ press }) => press("\u0003\u0003"))],
  ])("%s ends it at once", async (_name, onOutput) => {
    const { exitCode, output } = await run(["long.exp"], onOutput);
    expect(exitCode).toBe(130);
    expect(output.lastIndexOf(showCursor)).toBeGreaterThan(output.indexOf(enter));
    expect(afterwards(output)).toContain("long.exp: 20 tasks, 0 stored, 20 to run\n");
    expect(afterwards(output)).not.toContain("terminate called");
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s brings it to a safe end", async (name) => {
    const { exitCode, output } = await run(
      ["long.exp"],
      once(atWork, ({ signal }) => signal(name)),
    );
    expect(exitCode).toBe(130);
    expect(afterwards(output)).toMatch(/Stopped\. Run again to go on\.\n$/);
  });

  it.each([
    ["an error that nobody catches", "throw new Error('out of nowhere')", 1, "out of nowhere"],
    ["a promise that nobody hears", "Promise.reject(new Error('out of nowhere'))", 1, "out of nowhere"],
    ["process.exit", "process.exit(9)", 9, ""],
  ])("gives the terminal back after %s", async (_name, code, expectedExit, expectedText) => {
    const start = `if (isMainThread) process.on("SIGUSR2", () => { ${code} })`;
    const { exitCode, output } = await runInTerminal({
      folder: place.folder,
      argv: ["run", "long.exp"],
      environment: { NODE_OPTIONS: preload(`import { isMainThread } from "node:worker_threads"; ${start}`) },
      onOutput: once(atDrawing, ({ signal }) => signal("SIGUSR2")),
    });
    // A process that ends while a worker is in native code may die of an abort (134): the terminal must be back all the same.
    expect([expectedExit, 134]).toContain(exitCode);
    expect(output.lastIndexOf(showCursor)).toBeGreaterThan(output.indexOf(enter));
    expect(afterwards(output)).toContain(expectedText);
  });

  it("holds back what anything else prints, and shows it afterwards", async () => {
    const noise = `if (isMainThread) process.on("SIGUSR2", () => { console.log("noise"); console.error("more noise") })`;
    const { output } = await runInTerminal({
      folder: place.folder,
      argv: ["run", "long.exp"],
      environment: { NODE_OPTIONS: preload(`import { isMainThread } from "node:worker_threads"; ${noise}`) },
      onOutput: once(atDrawing, ({ signal }) => signal("SIGUSR2")),
    });
    expect(output.slice(0, output.lastIndexOf(leave))).not.toContain("noise");
    expect(afterwards(output)).toMatch(/^noise\nmore noise\n/);
  });

  it("shows failures in full afterwards, and ends with 1", async () => {
    place.write("fake.onnx", "this is not a model");
    place.write(
      "failing.exp",
      smallProgram.replace(/backbone fine = .*/, 'backbone fine = onnx { file: "fake.onnx" }'),
    );
    const { exitCode, output } = await run(["failing.exp"]);
    const plain = await place.exp("run", "failing.exp");
    expect(exitCode).toBe(1);
    expect(afterwards(output)).toContain("✗");
    const [, message = "nothing"] = /✗ .*\n {6}(.*)\n/.exec(plain.err) ?? [];
    expect(afterwards(output)).toContain(message);
  });

  it.each([
    [["--no-tui"], {}],
    [["--quiet"], {}],
    [["--json"], {}],
    [[], { CI: "true" }],
  ])("stays away with %j and %j", async (options, environment) => {
    const { exitCode, output } = await runInTerminal({
      folder: place.folder,
      argv: ["run", "small.exp", ...options],
      environment,
    });
    expect(exitCode).toBe(0);
    expect(output).not.toContain(enter);
    expect(output).toContain("test.auroc");
  });

  it("alone loads Ink and React", async () => {
    const refuse = `export const resolve = (name, context, next) => {
      if (/^(ink|react)/.test(name)) throw new Error("refused: " + name);
      return next(name, context);
    }`;
    const environment = {
      NODE_OPTIONS: preload(`import { register } from "node:module"; register(${JSON.stringify(dataUrl(refuse))})`),
    };
    const exp = (...argv: readonly string[]) => runInTerminal({ folder: place.folder, argv, environment });
    expect(await exp("run", "small.exp", "--no-tui")).toMatchObject({ exitCode: 0 });
    for (const command of ["check", "plan", "table"]) {
      expect(await exp(command, "small.exp")).toMatchObject({ exitCode: 0 });
    }
    const live = await exp("run", "small.exp");
    expect(live.exitCode).not.toBe(0);
    expect(live.output).toMatch(/refused: (ink|react)/);
  });
});

/** Node's options for running this code before the program. */
function preload(code: string): string {
  return `--import ${dataUrl(code)}`;
}

function dataUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
