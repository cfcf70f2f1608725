import { unwatched, writeFiles } from "../fail-points.ts";
import type { Store } from "../store.ts";
import { openAnswers } from "./answers.ts";
import { openAskedTasks } from "./asked-tasks.ts";
import type { Connection, JournalMode } from "./connection.ts";
import { openFileDigests } from "./file-digests.ts";
import { openWeightSources } from "./weight-sources.ts";
import { openLeases } from "./leases.ts";
import { readPseudonymKey } from "./pseudonym-key.ts";
import { openRows } from "./rows.ts";
import { openRunTasks } from "./run-tasks.ts";
import { openRuns } from "./runs.ts";
import { openShardFolder } from "./shard-files/shard-folder.ts";
import { openShardStore, storeIdentity, usualShardBudget } from "./shard-files/shard-store.ts";
import { openStatistics } from "./statistics.ts";
import { toStoreError } from "./store-errors.ts";
import { openUpkeep } from "./upkeep/open-upkeep.ts";
import { createTableContext, type ContextOptions } from "./table-context.ts";

export interface SqliteStoreOptions extends ContextOptions {
  /** Bytes of one recipe's shards that the main file takes; 8 GB where it is not said. */
  readonly shardBudget?: number;
  readonly journal?: JournalMode;
  /** True for a connection that may only read. */
  readonly isReadOnly?: boolean;
}

/** The store over one open connection, which it owns from now on. `path` is what its errors name. */
export function createSqliteStore(connection: Connection, path: string, options: SqliteStoreOptions = {}): Store {
  const { watch = unwatched } = options;
  const tables = openTables(connection, path, options);
  const { context, runs, leases, answers, runTasks, askedTasks, rows, payloads, files, weightSources, statistics } =
    tables;
  const guard = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw toStoreError(error, path);
    }
  };

  return {
    findAnswers: (fingerprints) => guard(() => answers.find(fingerprints)),
    saveAnswer: (answer) => guard(() => answers.save(answer)),
    linkAnswer: (link) => {
      guard(() => {
        answers.link(link);
      });
    },
    findContentAnswer: (recipe, key) => guard(() => answers.contents.find(recipe, key)),
    readArtifact: (digest) => guard(() => answers.artifacts.read(digest)),
    readArtifacts: (digests) => guard(() => answers.artifacts.readAll(digests)),
    dropArtifact: (digest) => {
      // Who only reads leaves it to who writes.
      if (options.isReadOnly === true) return;
      guard(() => {
        answers.artifacts.drop(digest);
      });
    },
    readManifest: (fingerprint) => guard(() => answers.questions.readManifest(fingerprint)),

    missingRows: (recipe, examples) => guard(() => rows.findMissing(recipe, examples)),
    saveRows: (shard) => {
      guard(() => {
        rows.save(shard);
      });
    },
    readLayout: (recipe) => guard(() => rows.readLayout(recipe)),
    *readRows(recipe, examples, target) {
      try {
        return yield* rows.read(recipe, examples, target);
      } catch (error) {
        throw toStoreError(error, path);
      }
    },
    readRowChecks: (recipe, examples) => guard(() => rows.readChecks(recipe, examples)),

    claimWork: (claim) => guard(() => leases.claimWork(claim)),
    findHeldWork: (claim) => guard(() => leases.findHeldWork(claim)),
    renewLeases: (holder, until) => {
      guard(() => {
        leases.renewLeases(holder, until);
      });
    },
    releaseWork: (numbers) => {
      guard(() => {
        leases.releaseWork(numbers);
      });
    },

    startRun: (run) => guard(() => runs.start(run)),
    finishRun: (run, summary) => {
      guard(() => {
        runs.finish(run, summary);
      });
    },
    saveRunTask: (task) => {
      guard(() => {
        runTasks.save(task);
      });
    },
    noteStoredTasks: (run, tasks) => {
      guard(() => {
        runTasks.noteStored(run, tasks);
      });
    },
    findRunTasks: (slot, limit) => guard(() => runTasks.findLast(slot, limit)),
    findFormerAnswers: (slots) => guard(() => runTasks.findFormerAnswers(slots)),
    findMaker: (fingerprint) =>
      guard(() => {
        const maker = answers.findMaker(fingerprint);
        const run = maker === null ? null : runs.find(maker.run);
        if (maker === null || run === null) return null;
        return { run: maker.run, program: run.program, startedAt: run.startedAt, seconds: maker.seconds };
      }),

    findRun: (run) => guard(() => runs.find(run)),
    findRuns: (limit) => guard(() => runs.findLast(limit)),
    findTasksOfRun: (run) => guard(() => runTasks.findOfRun(run)),
    *saveAskedTasks(run, tasks) {
      try {
        yield* askedTasks.save(run, tasks);
      } catch (error) {
        throw toStoreError(error, path);
      }
    },
    readAskedTasks: (run) => guard(() => askedTasks.read(run)),
    findRowMakers: (recipe, examples) => guard(() => rows.findMakers(recipe, examples)),
    findRowProviders: () => guard(() => rows.findProviders()),
    findCosts: (query) => guard(() => runTasks.costs.find(query)),
    findCostsOf: (fingerprints) => guard(() => runTasks.costs.findOf(fingerprints)),
    findQuestionsOf: (artifact) => guard(() => answers.findQuestionsOf(artifact)),

    findFileDigest: (stat) => guard(() => files.find(stat)),
    saveFileDigests: (entries) => {
      // Who only reads hashes the files anew the next time.
      if (options.isReadOnly === true) return;
      guard(() => {
        files.save(entries);
      });
    },
    findWeightSource: (source) => guard(() => weightSources.find(source)),
    saveWeightSource: (source, sourceFiles) => {
      if (options.isReadOnly === true) return;
      guard(() => {
        weightSources.save(source, sourceFiles);
      });
    },
    ...openUpkeep(tables, path),
    ...(options.isReadOnly === true ? { noteUse: () => undefined } : {}),
    pseudonymKey: () => guard(() => readPseudonymKey(context, path)),
    statistics: () => guard(() => statistics.read()),
    close: () => {
      guard(() => {
        writeFiles("close store", watch, () => {
          payloads.close();
          connection.close();
        });
      });
    },
  };
}

function openTables(connection: Connection, path: string, options: SqliteStoreOptions) {
  const { shardBudget: budget = usualShardBudget, journal = "wal", isReadOnly = false } = options;
  const context = createTableContext(connection, options);
  const runs = openRuns(context);
  const leases = openLeases(context);
  const answers = openAnswers(context, runs, leases);
  const folder = openShardFolder(shardFolderOf(path), {
    identity: () => storeIdentity(readPseudonymKey(context, path)),
    journal,
    isWritable: !isReadOnly,
    watch: context.watch,
  });
  const payloads = openShardStore(context, { folder, budget, path });
  return {
    context,
    runs,
    leases,
    answers,
    runTasks: openRunTasks(context, runs, answers),
    askedTasks: openAskedTasks(context, runs),
    payloads,
    rows: openRows(context, runs, payloads),
    files: openFileDigests(context),
    weightSources: openWeightSources(context),
    statistics: openStatistics(context, path, folder),
  };
}

/** Beside `store.sqlite`: `store.shards`. */
function shardFolderOf(path: string): string {
  return `${path.replace(/\.sqlite$/, "")}.shards`;
}
