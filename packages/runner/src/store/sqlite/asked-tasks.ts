import { digestOf } from "../../hash/digests.ts";
import { countParts, packAskedTasks, unpackAskedTasks } from "../asked-parts.ts";
import type { AskedTask, RunId } from "../run-history.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import type { RunTable } from "./runs.ts";
import type { TableContext } from "./table-context.ts";

/** What each run asked, in parts that runs share. */
export interface AskedTaskTable {
  save(run: RunId, tasks: readonly AskedTask[]): Generator<void, void>;
  read(run: RunId): readonly AskedTask[] | null;
}

export function openAskedTasks(context: TableContext, runs: RunTable): AskedTaskTable {
  const { connection } = context;
  const selectPart = connection
    .prepare<[Buffer, string], number>("select id from asked_part where digest = ? and tasks = ?")
    .pluck();
  const replacePart = connection
    .prepare<[Buffer, string], number>(
      "insert into asked_part (digest, tasks) values (?, ?) on conflict (digest) do update set tasks = excluded.tasks returning id",
    )
    .pluck();
  const insert = connection.prepare(
    "insert or replace into asked_tasks (run, position, parts, part, entry_check) values (?, ?, ?, ?, unhex(?))",
  );
  const select = connection.prepare<[number], PartRow>(
    "select position, parts, tasks, lower(hex(digest)) as digest, lower(hex(entry_check)) as entry_check " +
      "from asked_tasks join asked_part on asked_part.id = asked_tasks.part where run = ? order by position",
  );
  const remove = connection.prepare<[number]>("delete from asked_tasks where run = ?");

  return {
    *save(run, tasks) {
      const parts = countParts(tasks.length);
      let position = 0;
      for (const text of packAskedTasks(tasks)) {
        const digest = digestOf(Buffer.from(text));
        const key = hashToBlob(digest);
        context.write("save asked tasks", () => {
          runs.require(run);
          const part = selectPart.get(key, text) ?? replacePart.get(key, text);
          const check = askedCheck(run, { position, parts, digest });
          insert.run(run, position, parts, part, check);
        });
        position += 1;
        yield;
      }
    },
    read: (run) => {
      const rows = select.all(run);
      if (rows.length === 0) return null;
      const isIntact = rows.every(
        (row, index) =>
          row.position === index &&
          row.parts === rows.length &&
          row.entry_check === askedCheck(run, row) &&
          row.digest === digestOf(Buffer.from(row.tasks)),
      );
      if (isIntact) return rows.flatMap(({ tasks }) => unpackAskedTasks(tasks));
      context.noteDamage(() => remove.run(run));
      return null;
    },
  };
}

interface PartRow {
  readonly position: number;
  readonly parts: number;
  readonly tasks: string;
  readonly digest: string;
  readonly entry_check: string;
}

function askedCheck(run: RunId, { position, parts, digest }: Pick<PartRow, "position" | "parts" | "digest">): string {
  return entryCheck("asked_tasks", [run, position, parts, digest]);
}
