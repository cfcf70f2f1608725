import { accessSync, constants, existsSync, statSync, statfsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { dirname } from "node:path";
import { accelerators, describeRuntime, findTfjs, OpError, probeDevice, tfjsInstallation } from "@exp-lab/ops";
import { formatBytes } from "../../4-report/bytes.ts";
import { countOf } from "../../4-report/count.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { CommandDefinition, Terminal } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { deviceFinding } from "../device/device-finding.ts";
import { reasonOf } from "../files.ts";
import type { Finding } from "../finding.ts";
import { openToRead, packageVersion } from "../session.ts";
import { findStoreFolder } from "../store-folder.ts";
import { networkNote } from "../store-settings.ts";

/** `exp doctor`: devices, runtimes, store; what to do where something is missing. */
export const doctorCommand: CommandDefinition = {
  name: "doctor",
  summary: "say what this machine offers and what it lacks",
  arguments: [],
  options: [],
  run: async (call, terminal) => {
    const findings = [
      node(),
      machine(),
      ...(await runtime()),
      ...(await devices()),
      await tfjs(),
      image(),
      store(findStoreFolder(call.options.store, terminal.workingFolder), terminal),
    ];
    if (call.options.json) terminal.out(`${JSON.stringify({ version: 1, findings })}\n`);
    else for (const finding of findings) show(finding, terminal);
    return findings.every(({ isFine }) => isFine) ? exitCodes.done : exitCodes.environment;
  },
};

function show({ name, isFine, found, advice }: Finding, { out, paintOut, width }: Terminal): void {
  const head = `${isFine ? paintOut.good("✓") : paintOut.bad("✗")} ${name.padEnd(indent - 3)} `;
  out(hangText({ head, indent, text: found, width }));
  if (advice !== null) out(hangText({ head: " ".repeat(indent), indent, text: advice, width }));
}

/** Columns before what was found: the mark and the longest name. */
const indent = 11;

const oldestNode = [20, 19] as const;

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isFine = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const advice = isFine ? null : `Install Node ${oldestNode.join(".")} or newer.`;
  return { name: "Node", isFine, found: `${process.version} (${process.platform}-${process.arch})`, advice };
}

function machine(): Finding {
  const found = `${String(availableParallelism())} cores, ${formatBytes(totalmem())} memory`;
  return { name: "machine", isFine: true, found, advice: null };
}

async function runtime(): Promise<readonly Finding[]> {
  try {
    const { version, backends } = await describeRuntime();
    const providers = backends.map(({ name, bundled }) => (bundled ? name : `${name} (not installed)`));
    const found = `${version}, providers: ${providers.join(", ")}`;
    return [{ name: "runtime", isFine: true, found, advice: null }];
  } catch (error) {
    const found = `onnxruntime-node does not load: ${error instanceof Error ? error.message : String(error)}`;
    return [{ name: "runtime", isFine: false, found, advice: "Run `npm ci` again in the project's folder." }];
  }
}

/** Each is tried out in a process of its own, one after the other: two drivers at once could disturb what is timed. */
async function devices(): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const device of accelerators) findings.push(deviceFinding(device, await probeDevice(device, { isTimed: true })));
  return findings;
}

/** TensorFlow.js is optional: only one that is there and does not work is wrong. */
async function tfjs(): Promise<Finding> {
  const name = "tfjs";
  const { gpu, native, portable } = tfjsInstallation;
  try {
    const installed = await findTfjs();
    if (installed === null) {
      const found = "not installed (optional: a second engine that trains linear heads)";
      return { name, isFine: true, found, advice: `For it, run one of ${gpu}, ${native} or ${portable}.` };
    }
    const { package: packages, version, backend, usesGpu } = installed;
    const found = `${packages} ${version}, backend ${backend}, ${usesGpu ? "with a GPU" : "without a GPU"}`;
    return { name, isFine: true, found, advice: usesGpu ? null : fasterTfjs(packages) };
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    return { name, isFine: false, found: error.message, advice: error.hint };
  }
}

function fasterTfjs(installed: string): string {
  const { gpu, native } = tfjsInstallation;
  if (installed.endsWith("-node-gpu")) return "TensorFlow finds no GPU: check the driver, CUDA and cuDNN.";
  return `Faster: ${installed.endsWith("-node") ? gpu : `${gpu} or ${native}`}.`;
}

function image(): Finding {
  const version = packageVersion("sharp");
  const found = version === null ? "sharp is not installed" : `sharp ${version}`;
  return { name: "images", isFine: version !== null, found, advice: version === null ? "Run `npm ci` again." : null };
}

function store(folder: string, terminal: Terminal): Finding {
  try {
    const opened = openToRead(folder, terminal);
    const free = freeSpace(nearestFolder(folder));
    if (opened === null) {
      return { name: "store", isFine: true, found: `${folder} (made by the first run), ${free}`, advice: null };
    }
    const { answers, fileBytes } = opened.statistics();
    opened.close();
    const found = `${folder}, ${countOf(answers, "answer")}, ${formatBytes(fileBytes)}, ${free}`;
    const advice = networkNote(folder, terminal);
    return { name: "store", isFine: true, found, advice };
  } catch (error) {
    const isOurs = error instanceof CommandError;
    const found = `${folder}: ${isOurs ? error.message : reasonOf(error)}`;
    const advice = (isOurs ? error.hint : null) ?? "Name another folder by --store DIR or EXP_STORE.";
    return { name: "store", isFine: false, found, advice };
  }
}

/** The folder itself, or the nearest one above it: what is missing in between would be made by a run. */
function nearestFolder(folder: string): string {
  if (!existsSync(folder)) return nearestFolder(dirname(folder));
  if (!statSync(folder).isDirectory())
    throw new CommandError(exitCodes.environment, `${folder} is a file, not a folder`);
  return folder;
}

/** @throws where nothing may be written into the folder */
function freeSpace(folder: string): string {
  accessSync(folder, constants.W_OK);
  const { bavail, bsize } = statfsSync(folder);
  return `${formatBytes(bavail * bsize)} free`;
}
