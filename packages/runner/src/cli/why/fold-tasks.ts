import { manifestOf } from "../../1-plan/manifest.ts";
import type { TaskProvenance } from "../../3-tabulate/find-provenance.ts";
import { canonicalJson, type Json } from "../../hash/canonical-json.ts";
import type { RowMaker } from "../../store/store.ts";

/** A task, or many that differ in the values of their parameters alone, as they are shown to people. */
export interface FoldedTasks {
  /** What their labels have in common. */
  readonly label: string;
  readonly count: number;
  readonly version: number;
  /** `name value`; of several values how many, and the first and the last. Parameters without a value are left out. */
  readonly params: readonly string[];
  readonly runs: readonly number[];
  /** Whether an answer was found by the bytes of its inputs, which another question had had. */
  readonly bySameBytes: boolean;
  /** In all. */
  readonly seconds: number;
  readonly rows: readonly RowMaker[];
}

/** Tasks of one op and stage of the chain become one entry where they are more than this. */
const shownSingly = 3;

/** The tasks in their order; a folded entry stands where its first task stood. */
export function foldTasks(tasks: readonly TaskProvenance[]): readonly FoldedTasks[] {
  const groups = new Map<string, TaskProvenance[]>();
  for (const task of tasks) {
    const key = groupKey(task);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [task]);
    else group.push(task);
  }
  return [...groups.values()].flatMap((group) =>
    group.length > shownSingly ? [fold(group)] : group.map((task) => fold([task])),
  );
}

/** The points of a search have the parameters that are searched in their labels, as `name=value`. */
function groupKey({ planned: { task, op } }: TaskProvenance): string {
  const parts = task.label.split(" · ");
  const stage = parts.filter((part) => !part.includes("="));
  return JSON.stringify([task.op, op.signature.version, stage, stage.length < parts.length]);
}

function fold(group: readonly TaskProvenance[]): FoldedTasks {
  const [first] = group;
  if (first === undefined) throw new Error("A group has one task at least.");
  const { task, op } = first.planned;
  const isOne = group.length === 1;
  const parts = task.label.split(" · ").filter((part) => isOne || !part.includes("="));
  const runs = new Set(group.flatMap(({ maker }) => maker?.run ?? []));
  return {
    label: parts.join(" · "),
    count: group.length,
    version: op.signature.version,
    params: paramsOf(group),
    runs: [...runs].sort((a, b) => a - b),
    bySameBytes: group.some(({ maker }) => maker?.bySameBytes === true),
    seconds: group.reduce((sum, { maker }) => sum + (maker?.seconds ?? 0), 0),
    rows: isOne ? first.rows : [],
  };
}

function paramsOf(group: readonly TaskProvenance[]): readonly string[] {
  const manifests = group.flatMap(({ planned }) => (planned.question === null ? [] : manifestOf(planned.question)));
  const names = new Set(manifests.flatMap(({ params }) => Object.keys(params)));
  return [...names].flatMap((name) => {
    const values = [...new Set(manifests.map(({ params }) => show(params[name])))].filter((value) => value !== "");
    if (values.length === 0) return [];
    const [first = "", ...others] = values;
    return others.length === 0
      ? `${name} ${first}`
      : `${name} ${String(values.length)} values, ${first} to ${others.at(-1) ?? ""}`;
  });
}

/** Characters; a longer list is told by its length. */
const longestList = 60;

function show(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  const text = canonicalJson(value).replaceAll('"', "").replaceAll(",", ", ").replaceAll(":", ": ");
  return Array.isArray(value) && text.length > longestList ? `[${String(value.length)} values]` : text;
}
