import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ESLint } from "eslint";

/** A small project in a temporary folder under this repository's walls. */
export interface WalledTree {
  /** What the walls say of a file with this text; `file` is relative to the project and need not exist. */
  lint(file: string, text: string): Promise<readonly string[]>;
  remove(): void;
}

/** `files` maps paths to texts: what the linted files import must exist, since the walls go by resolved paths. */
export function createWalledTree(files: Readonly<Record<string, string>>): WalledTree {
  const repository = resolve(import.meta.dirname, "../..");
  const root = mkdtempSync(join(tmpdir(), "walls-"));
  for (const name of ["eslint.walls.config.js", "package.json", "tsconfig.json", "tsconfig.base.json"]) {
    copyFileSync(join(repository, name), join(root, name));
  }
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"), "junction");
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const eslint = new ESLint({ cwd: root, overrideConfigFile: join(root, "eslint.walls.config.js") });
  return {
    async lint(file, text) {
      const [result] = await eslint.lintText(text, { filePath: join(root, file) });
      return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? "unreadable"}: ${message}`);
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
