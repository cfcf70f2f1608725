import { statSync } from "node:fs";
import type { StoreStatistics } from "../store.ts";
import { measureShardFiles } from "./shard-files/measure-shard-files.ts";
import type { ShardFolder } from "./shard-files/shard-folder.ts";
import type { TableContext } from "./table-context.ts";

/** Counts and sizes, from columns: no blob is read. */
export interface StatisticsReader {
  read(): StoreStatistics;
}

export function openStatistics(context: TableContext, path: string, folder: ShardFolder): StatisticsReader {
  const select = context.connection.prepare<[], Counts>(
    `select
      (select count(*) from answer) as answers,
      (select count(*) from artifact) as artifacts,
      (select coalesce(sum(size), 0) from artifact) as artifactBytes,
      (select coalesce(sum(row_count), 0) from feature_shard) as rows,
      (select coalesce(sum(row_bytes), 0) from feature_shard) as rowBytes,
      (select count(*) from run) as runs`,
  );
  return {
    read: () => {
      const counts = select.get();
      if (counts === undefined) throw new Error("A query of aggregates gave no row.");
      const own = measureShardFiles(folder);
      return {
        path,
        fileBytes: fileBytes(path) + fileBytes(`${path}-wal`) + own.bytes,
        ...counts,
        shardFiles: own.files,
        shardFileBytes: own.bytes,
        damaged: context.damaged(),
      };
    },
  };
}

type Counts = Pick<StoreStatistics, "answers" | "artifacts" | "artifactBytes" | "rows" | "rowBytes" | "runs">;

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
