import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeTemporaryFolder } from "../store/contract/temporary-folder.ts";
import { readRepository } from "./read-repository.ts";

/** A repository with a program in a folder of its own, and all that belongs to it committed. */
function createRepository() {
  const root = makeTemporaryFolder();
  const folder = join(root, "tables");
  const git = (...argv: readonly string[]): string => execFileSync("git", argv, { cwd: root, encoding: "utf8" }).trim();
  const commit = (): string => {
    git("add", "--all");
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "x");
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet");
  mkdirSync(folder);
  const files = [join(folder, "a.exp")];
  writeFileSync(files[0]!, "exp 1\n");
  writeFileSync(join(root, "other.txt"), "1");
  const read = (environment: NodeJS.ProcessEnv = process.env) => readRepository({ folder, files, environment });
  return { root, folder, files, commit, read };
}

describe("the repository of a program", () => {
  it("is none before the first commit", async () => {
    expect(await createRepository().read()).toBeNull();
  });

  it("is clean where all is committed, whatever else lies about", async () => {
    const { root, commit, read } = createRepository();
    const made = commit();
    writeFileSync(join(root, "scratch.txt"), "1");
    expect(await read()).toEqual({ commit: made, dirty: false });
  });

  it("is dirty where a file that git knows has changed", async () => {
    const { root, commit, read } = createRepository();
    const made = commit();
    writeFileSync(join(root, "other.txt"), "2");
    expect(await read()).toEqual({ commit: made, dirty: true });
  });

  it.each([".gitignore", "readme"])("is dirty where git does not know the program (%s)", async (name) => {
    const { root, folder, commit, read } = createRepository();
    commit();
    writeFileSync(join(root, name), "*.exp\n");
    const made = commit();
    const file = join(folder, "new.exp");
    writeFileSync(file, "exp 1\n");
    const found = await readRepository({ folder, files: [file], environment: process.env });
    expect(found).toEqual({ commit: made, dirty: true });
    expect(await read()).toEqual({ commit: made, dirty: false });
  });

  it("is the one that it lies in, not the one that git's variables name", async () => {
    const [own, other] = [createRepository(), createRepository()];
    const made = own.commit();
    writeFileSync(join(other.root, "more.txt"), "1");
    expect(other.commit()).not.toBe(made);
    expect(await own.read({ ...process.env, GIT_DIR: join(other.root, ".git") })).toEqual({
      commit: made,
      dirty: false,
    });
  });

  it("is none where there is no repository, and none where there is no git", async () => {
    const folder = makeTemporaryFolder();
    expect(await readRepository({ folder, files: [join(folder, "a.exp")], environment: process.env })).toBeNull();
    const { commit, read } = createRepository();
    commit();
    expect(await read({ PATH: folder })).toBeNull();
  });
});
