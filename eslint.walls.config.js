/**
 * The walls between the parts of the project, as lint that fails. The rules themselves and their reasons are in
 * ARCHITECTURE.md; `tests/walls` shows that each one holds.
 *
 * Nothing here needs types, so that the walls can be tested on small trees of files. `eslint.config.js` adds the rest.
 */
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const dsl = "packages/dsl/src";
const ops = "packages/ops/src";
const runner = "packages/runner/src";
const testFiles = ["**/*.test.ts", "**/*.test.tsx", "tests/**"];

/** Packages that one folder owns. No slash in a pattern: it also stands in a selector, which cannot hold one. */
const libraries = {
  sqlite: {
    regex: "^(better-sqlite3|node:sqlite)",
    message: `Only ${runner}/store touches SQLite (ARCHITECTURE.md).`,
  },
  machineLearning: {
    regex: "^(onnxruntime-|@tensorflow)",
    message: `Only ${ops}/runtime touches native machine learning (ARCHITECTURE.md).`,
  },
  react: {
    regex: "^(ink|react)\\b",
    message: `Only ${runner}/4-report/ink touches Ink and React (ARCHITECTURE.md).`,
  },
};

const atIndex = "Packages meet at index.ts: import from `@exp-lab/NAME` alone (ARCHITECTURE.md).";
const deepImport = { regex: "^@exp-lab.[a-z]+[^a-z]", message: atIndex };
const insideOfPackage = { regex: "^\\.{1,2}.(.*.)?(dsl|ops|runner).(src|dist).", message: atIndex };
const pureLanguage = {
  regex: "^(?!\\.)(?!chevrotain$)",
  message: "The language is pure: dsl imports its own files and chevrotain, nothing else (ARCHITECTURE.md).",
};
const upstream = {
  message: "Imports go runner -> ops -> dsl, never back (ARCHITECTURE.md).",
};
const opsOrRunner = { ...upstream, regex: "^@exp-lab.(ops|runner)" };
const runnerPackage = { ...upstream, regex: "^@exp-lab.runner" };
const dashboard = {
  regex: "(^|/)ink/",
  message: "Load the dashboard with a dynamic import, so that no other command loads React (ARCHITECTURE.md).",
};

const clock = {
  name: "Date",
  message: "No clock in dsl and ops: an answer hangs on what is handed in alone (ARCHITECTURE.md).",
};
const outsideWorld = [
  ...["process", "Buffer", "crypto", "fetch", "performance"],
  ...["setTimeout", "setInterval", "setImmediate"],
].map((name) => ({
  name,
  message: "The language is pure: what it needs from outside comes in CompileOptions (ARCHITECTURE.md).",
}));

const codeUnitOrder = {
  property: "localeCompare",
  message: "Order by code unit: localeCompare differs between machines (CONTRIBUTING.md).",
};
const printing = ["stdout", "stderr"].map((property) => ({
  object: "process",
  property,
  message: "The engine speaks in events and never prints (ARCHITECTURE.md).",
}));
const chance = {
  object: "Math",
  property: "random",
  message: "Draw from a seeded stream: same parameters, inputs and seed, same answer (ARCHITECTURE.md).",
};

const testsZone = {
  target: "packages",
  from: "tests",
  message: "Only a test imports from tests/.",
};
const commandLineZone = {
  target: ".",
  from: `${runner}/cli`,
  message: "Nothing imports cli/ but packages/runner/bin (ARCHITECTURE.md).",
};
const flowZones = [
  ...oneWayZones(dsl, {
    phases: ["1-parse", "2-ast", "3-check", "4-expand"],
    services: ["text", "diagnostics", "signature"],
    above: ["compile.ts", "index.ts", "language-services"],
  }),
  ...oneWayZones(runner, {
    phases: ["1-plan", "2-execute", "3-tabulate", "4-report"],
    services: ["hash", "store"],
    above: ["run-experiment.ts", "collect", "index.ts"],
    // The last event of a run carries its tables, so the event union names their type.
    exceptions: { "2-execute": { "3-tabulate": ["table.ts"] } },
  }),
];

export default defineConfig(
  {
    files: ["**/*.{js,mjs,ts,tsx}"],
    plugins: { "import-x": importX, "@typescript-eslint": tseslint.plugin },
    languageOptions: { parser: tseslint.parser },
    settings: {
      "import-x/resolver-next": [createTypeScriptImportResolver({ project: `${import.meta.dirname}/tsconfig.json` })],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
      "import-x/extensions": [".ts", ".tsx", ".js"],
    },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-default-export": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "no-console": "error",
      ...importRules({}),
      ...propertyRules(printing),
      ...zoneRules([testsZone, commandLineZone, ...flowZones]),
    },
  },

  {
    files: [`${dsl}/**`],
    rules: {
      ...importRules({ foreign: [pureLanguage] }),
      ...propertyRules([...printing, chance]),
      "no-restricted-globals": ["error", clock, ...outsideWorld],
    },
  },
  {
    files: [`${ops}/**`],
    rules: {
      ...importRules({ foreign: [runnerPackage] }),
      ...propertyRules([...printing, chance]),
      "no-restricted-globals": ["error", clock],
    },
  },
  { files: [`${ops}/runtime/**`], rules: importRules({ foreign: [runnerPackage], owns: ["machineLearning"] }) },
  { files: [`${runner}/**`], rules: importRules({ loaded: [dashboard] }) },
  { files: [`${runner}/store/**`], rules: importRules({ loaded: [dashboard], owns: ["sqlite"] }) },
  { files: [`${runner}/4-report/ink/**`], rules: importRules({ owns: ["react"] }) },

  {
    files: [`${runner}/cli/**`, `${runner}/4-report/**`, "packages/runner/bin/**", "tools/**", ...testFiles],
    rules: { "no-console": "off", ...propertyRules([]) },
  },
  { files: testFiles, rules: zoneRules([commandLineZone]) },
  { files: [`${runner}/cli/**`], rules: zoneRules([testsZone]) },
  { files: [`${runner}/cli/**/*.test.ts`], rules: { "import-x/no-restricted-paths": "off" } },
  // Types vanish; a value from sources would be a second copy of the one that the package's users hold.
  { files: ["tests/**"], rules: importRules({ inside: { ...insideOfPackage, allowTypeImports: true } }) },
  {
    files: [`${dsl}/**/*.test.ts`],
    rules: { ...importRules({ foreign: [opsOrRunner] }), "no-restricted-globals": ["error", clock] },
  },
  { files: [`${dsl}/**/*.test.ts`, `${ops}/**/*.test.ts`], rules: propertyRules([chance]) },
  { files: ["*.config.{js,ts}"], rules: { "import-x/no-default-export": "off" } },
);

/**
 * What no file does, and of the folder at hand: the modules that it does not import (`foreign`), those that it imports
 * dynamically alone (`loaded`), and the libraries that it may import because it owns them (`owns`).
 */
function importRules({ foreign = [], loaded = [], owns = [], inside = insideOfPackage }) {
  const unowned = Object.entries(libraries).filter(([name]) => !owns.includes(name));
  const barred = [deepImport, inside, ...unowned.map(([, library]) => library), ...foreign];
  return {
    "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...barred, ...loaded] }],
    "no-restricted-syntax": [
      "error",
      ...barred.map(({ regex, message }) => ({ selector: `ImportExpression[source.value=/${regex}/]`, message })),
      {
        selector: "TSImportType",
        message: "Write `import type` at the top, where the walls see it (CONTRIBUTING.md).",
      },
      {
        selector: "TSEnumDeclaration",
        message: "Write a union of string literals instead of an enum (CONTRIBUTING.md).",
      },
    ],
  };
}

function propertyRules(properties) {
  return { "no-restricted-properties": ["error", codeUnitOrder, ...properties] };
}

function zoneRules(zones) {
  return { "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }] };
}

/**
 * A phase imports lower phases and services; a service imports no phase; `above` stands over both and is imported by
 * neither. Other files at the root (such as the types of a compilation's options) are open to all.
 */
function oneWayZones(source, { phases, services, above, exceptions = {} }) {
  const message = "A numbered folder imports lower numbers and service folders (ARCHITECTURE.md).";
  const place = (name) => `${source}/${name}`;
  return [...services, ...phases].flatMap((folder) => {
    const later = phases.slice(phases.indexOf(folder) + 1);
    return [...later, ...above].map((name) => ({
      target: place(folder),
      from: place(name),
      except: exceptions[folder]?.[name] ?? [],
      message,
    }));
  });
}
