import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const repository = resolve(import.meta.dirname, "../..");

/** A folder with one thing per file, the list that names them all, and how a file of the folder declares its thing. */
interface ListedFolder {
  readonly folder: string;
  readonly list: string;
  /** Matches the declaration; its first group is the name that the list must hold. */
  readonly declaration: RegExp;
}

const op = /^export const (\w+)(?:: (?:Op|SingleOp|PerExampleOp|FusedOp)\b| = create\w*Op\()/gm;

const listedFolders: readonly ListedFolder[] = [
  {
    folder: "packages/ops/src/metrics",
    list: "packages/ops/src/metrics/metrics.ts",
    declaration: /^export const (\w+) = defineMetric\(/gm,
  },
  { folder: "packages/ops/src/backbones", list: "packages/ops/src/backbones/backbones.ts", declaration: op },
  {
    folder: "packages/ops/src/datasets",
    list: "packages/ops/src/datasets/dataset-readers.ts",
    declaration: /^export const (\w+)(?:: DatasetFormat = (?:file|sliced)Dataset\(|: SingleOp = )/gm,
  },
  { folder: "packages/ops/src/heads", list: "packages/ops/src/heads/heads.ts", declaration: op },
  { folder: "packages/ops/src/splits", list: "packages/ops/src/builtin-ops.ts", declaration: op },
  { folder: "packages/ops/src/extraction", list: "packages/ops/src/builtin-ops.ts", declaration: op },
  {
    folder: "packages/dsl/src/3-check/rules",
    list: "packages/dsl/src/3-check/rules/rules.ts",
    declaration: /^export const (\w+): Rule\b/gm,
  },
  {
    folder: "packages/runner/src/cli/commands",
    list: "packages/runner/src/cli/commands.ts",
    declaration: /^export const (\w+): CommandDefinition\b/gm,
  },
  {
    folder: "packages/runner/src/3-tabulate/formats",
    list: "packages/runner/src/3-tabulate/formats/formats.ts",
    declaration: /^export function (format\w+)\(table: Table\b/gm,
  },
  {
    folder: "tests/bench/figures",
    list: "tests/bench/bench.ts",
    declaration: /^export const (\w+): FigureGroup\b/gm,
  },
];

/** A build without one of these parts has nothing to list. */
const present = listedFolders.filter(
  ({ folder, list }) => existsSync(join(repository, list)) && sourceFiles(folder).length > 0,
);

describe("what stands in a file of its own stands in its list", () => {
  it.each(listedFolders.filter(({ list }) => existsSync(join(repository, list))))(
    "$folder",
    ({ folder, list, declaration }) => {
      const listText = withoutImports(readText(list));
      const declared = sourceFiles(folder)
        .filter((file) => file !== list)
        .flatMap((file) => [...readText(file).matchAll(declaration)].map(([, name = ""]) => ({ file, name })));

      expect(declared.length, `no file of ${folder} declares anything that belongs in ${list}`).toBeGreaterThan(0);
      expect(declared.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(listText))).toEqual([]);
    },
  );
});

describe("no file is left over: each is imported by another", () => {
  const sources = ["packages/dsl/src", "packages/ops/src", "packages/runner/src"].flatMap(sourceFiles);
  const imported = new Set(sources.flatMap((file) => relativeImports(file)));

  it.each(present.filter(({ folder }) => folder.startsWith("packages/")))("$folder", ({ folder }) => {
    // What only tests use lies in folders that say so.
    const own = sourceFiles(folder).filter((file) => !file.includes("-testing/"));
    expect(own.filter((file) => !imported.has(file))).toEqual([]);
  });
});

/** Paths of a folder's TypeScript files relative to the repository, tests left out; none where there is no such folder. */
function sourceFiles(folder: string): readonly string[] {
  if (!existsSync(join(repository, folder))) return [];
  return readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

function readText(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}

function withoutImports(text: string): string {
  return text.replaceAll(/^import [^;]*;/gm, "");
}

function relativeImports(file: string): readonly string[] {
  return [...readText(file).matchAll(/(?:from|import) ?\(?"(\.[^"]*)"/g)].map(([, specifier = ""]) =>
    relative(repository, resolve(repository, dirname(file), specifier)),
  );
}
