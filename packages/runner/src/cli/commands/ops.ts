import type { OpSignature, ParamSpec, Preset, PresetSwitch } from "@exp-lab/dsl";
import { nearestNames, writtenValue } from "@exp-lab/dsl";
import { builtinOps, describeBackbones, presets } from "@exp-lab/ops";
import { hangText } from "../../4-report/hanging-text.ts";
import type { CommandDefinition, Terminal } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** `exp ops [NAME]`: reference of constructors, metrics and their parameters, from the declarations that drive the checker. */
export const opsCommand: CommandDefinition = {
  name: "ops",
  summary: "reference of constructors, metrics and their parameters",
  arguments: [{ name: "name", summary: "one of them", isOptional: true }],
  options: [],
  run: ({ arguments: [name], options }, terminal) => {
    const all = builtinOps.map((op) => op.signature);
    const preset = presets.find((known) => known.name === name);
    const chosen = name === undefined ? all : preset === undefined ? [find(name, all)] : [];
    const protocols = name === undefined ? presets : preset === undefined ? [] : [preset];
    if (options.json) terminal.out(`${JSON.stringify({ version: 1, ops: chosen, protocols })}\n`);
    else if (name === undefined) terminal.out(overview(all, terminal));
    else if (preset !== undefined) terminal.out(protocol(preset, all, terminal));
    else terminal.out(chosen.map((signature) => reference(signature, all, terminal)).join("\n"));
    return Promise.resolve(exitCodes.done);
  },
};

function find(name: string, all: readonly OpSignature[]): OpSignature {
  const found = all.find((signature) => signature.name === name);
  if (found !== undefined) return found;
  const names = [...all.map((signature) => signature.name), ...presets.map((preset) => preset.name)];
  const [nearest] = nearestNames(name, names);
  throw new CommandError(
    exitCodes.wrong,
    `There is no op "${name}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
    `They are: ${names.join(", ")}.`,
  );
}

const searchUses: readonly OpSignature["use"][] = ["select", "chosen", "score epochs", "pool"];

const statisticsUses: readonly OpSignature["use"][] = ["resample", "compare", "delong", "rank"];

const sections = [
  {
    title: "Data sets: dataset NAME = ...",
    of: (op: OpSignature) => op.role === "dataset" && op.use === "constructor",
  },
  {
    title: "Backbones: backbone NAME = ...",
    of: (op: OpSignature) => op.role === "backbone" && op.use === "constructor",
  },
  { title: "Heads: head NAME = ...", of: (op: OpSignature) => op.role === "head" && op.use === "constructor" },
  { title: "Metrics, in cells: SPLIT.NAME", of: (op: OpSignature) => op.use === "metric" },
  {
    title: "Steps in between; their parameters are set in the declaration they belong to",
    of: (op: OpSignature) => op.use === "companion",
  },
  {
    title: "What the search { ... } of a head is made of",
    of: (op: OpSignature) => searchUses.includes(op.use),
  },
  {
    title: "What the intervals and tests of a table are made of",
    of: (op: OpSignature) => statisticsUses.includes(op.use),
  },
] as const;

function overview(all: readonly OpSignature[], { paintOut, width }: Terminal): string {
  const longest = Math.max(...all.map(({ name }) => name.length));
  const line = ({ name, summary }: OpSignature): string =>
    hangText({ head: `  ${name.padEnd(longest)}  `, indent: longest + 4, text: summary, width });
  // Published networks have a list of their own: here they would hide everything else.
  const published = new Set(describeBackbones().map(({ name }) => name));
  const general = all.filter(({ name }) => !published.has(name));
  const more = hangText({
    head: "  ",
    indent: 2,
    text: `and ${String(published.size)} published networks, each by its name: exp backbones`,
    width,
  });
  const parts = sections.map(({ title, of }) => {
    const rest = title.startsWith("Backbones") ? more : "";
    return `${paintOut.bold(title)}\n${general.filter(of).map(line).join("")}${rest}`;
  });
  const widest = Math.max(...presets.map(({ name }) => name.length));
  const protocols = presets.map(({ name, summary }) =>
    hangText({ head: `  ${name.padEnd(widest)}  `, indent: widest + 4, text: summary, width }),
  );
  return [...parts, `${paintOut.bold("Published protocols: protocol: NAME in a sweep")}\n${protocols.join("")}`].join(
    "\n",
  );
}

/** A published protocol with its switches, each of which may be written by itself. */
function protocol(
  { name, summary, switches, grids = {} }: Preset,
  all: readonly OpSignature[],
  { paintOut, width }: Terminal,
): string {
  const lines = switches.map((entry) => {
    const named = [...(entry.heads ?? []), ...(entry.backbones ?? [])];
    const which = named.length === 0 ? "" : ` (${named.join(", ")})`;
    const head = hangText({
      head: "  ",
      indent: 6,
      text: `${entry.param}: ${valueOfSwitch(entry, all)}${which}`,
      width,
    });
    return head + hangText({ head: "      ", indent: 6, text: entry.summary, width });
  });
  const searches = Object.entries(grids).map(([head, grid]) =>
    hangText({ head: "  ", indent: 6, text: `${head}: search { grid: ${grid} }`, width }),
  );
  return [
    `${paintOut.bold(name)} (protocol)\n${hangText({ head: "  ", indent: 2, text: summary, width })}`,
    `${paintOut.bold("switches")}\n${lines.join("")}`,
    searches.length === 0 ? "" : `${paintOut.bold("where a search names no values")}\n${searches.join("")}`,
  ].join("");
}

/** As a program writes it. */
function valueOfSwitch({ param: name, value }: PresetSwitch, all: readonly OpSignature[]): string {
  const [role, param = ""] = name.split(".");
  const owner = all.find((op) => (op.role ?? "metric") === role && Object.hasOwn(op.params, param));
  const spec = owner?.params[param];
  return spec === undefined ? JSON.stringify(value) : writtenValue(value, spec);
}

function reference(signature: OpSignature, all: readonly OpSignature[], { paintOut, width }: Terminal): string {
  const { bold } = paintOut;
  const beside = (head: string, indent: number, text: string): string => hangText({ head, indent, text, width });
  const companions =
    signature.use === "constructor" ? all.filter((op) => op.use === "companion" && op.role === signature.role) : [];
  const params = [signature, ...companions]
    .flatMap((op) => Object.entries(op.params))
    .filter(([, spec]) => spec.type !== "split" && spec.type !== "wired")
    .map(([name, spec]) => beside("  ", 6, parameter(name, spec)) + beside("      ", 6, spec.summary));
  const inputs = Object.entries(signature.inputs).map(([name, input]) => {
    const split = input.split === undefined ? "" : ` of ${input.split}`;
    return beside("  ", 6, `${name}: ${input.kind}${split}. ${input.summary}`);
  });
  const grids = Object.entries(signature.grids ?? {}).map(([name, grid]) => {
    const values = Object.entries(grid).map(([param, tried]) => `${param}: [${tried.join(", ")}]`);
    return beside("  ", 6, `${name}: ${values.join("  ")}`);
  });
  const role = signature.role === undefined ? "" : ` (${signature.role})`;
  return [
    `${bold(signature.name)}${role}, version ${String(signature.version)}\n${beside("  ", 2, signature.summary)}`,
    params.length === 0 ? "" : `${bold("parameters")}\n${params.join("")}`,
    grids.length === 0 ? "" : `${bold("grids, for search { grid: NAME }")}\n${grids.join("")}`,
    inputs.length === 0 ? "" : `${bold("takes")}\n${inputs.join("")}`,
    `${bold("gives")} ${signature.output}\n`,
  ].join("");
}

function parameter(name: string, spec: ParamSpec): string {
  const fallback =
    "default" in spec
      ? spec.default === null
        ? "may be left out"
        : `default ${JSON.stringify(spec.default)}`
      : "required";
  return `${name}: ${typeName(spec)}, ${fallback}`;
}

function typeName(spec: ParamSpec): string {
  switch (spec.type) {
    case "choice":
      return spec.choices.join(" | ");
    case "list":
      return `list of ${typeName(spec.items)}`;
    case "number":
    case "integer": {
      const range = [
        spec.min === undefined ? "" : `from ${String(spec.min)}`,
        spec.max === undefined ? "" : `to ${String(spec.max)}`,
      ];
      const bounds = range.filter((part) => part !== "").join(" ");
      const unit = spec.unit === undefined ? "" : ` (${spec.unit})`;
      const words = Object.keys(spec.words ?? {});
      const number = `${spec.type}${unit}${bounds === "" ? "" : ` ${bounds}`}`;
      return [number, ...words].join(" | ");
    }
    case "weights":
      return spec.sources.map((source) => `${source}(...)`).join(" | ");
    default:
      return spec.type;
  }
}
