import { unwatched, writeFiles, type WriteWatch } from "../fail-points.ts";
import type { Store } from "../store.ts";
import { openAnswers } from "./answers.ts";
import { openAskedTasks } from "./asked-tasks.ts";
import type { Connection } from "./connection.ts";
import { openFileDigests } from "./file-digests.ts";
import { openLeases } from "./leases.ts";
import { readPseudonymKey } from "./pseudonym-key.ts";
import { openRows } from "./rows.ts";
import { openRunTasks } from "./run-tasks.ts";
import { openRuns } from "./runs.ts";
import { openStatistics } from "./statistics.ts";
import { toStoreError } from "./store-errors.ts";
import { openUpkeep } from "./upkeep/open-upkeep.ts";
import { createTableContext } from "./table-context.ts";

/** The store over one open connection, which it owns from now on. `path` is what its errors name. */
export function createSqliteStore(connection: Connection, path: string, watch: WriteWatch = unwatched): Store {
  const tables = openTables(connection, path, watch);
  const { context, runs, leases, answers, runTasks, askedTasks, rows, files, statistics } = tables;
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
    findCosts: (query) => guard(() => runTasks.costs.find(query)),
    findCostsOf: (fingerprints) => guard(() => runTasks.costs.findOf(fingerprints)),
    findQuestionsOf: (artifact) => guard(() => answers.findQuestionsOf(artifact)),

    findFileDigest: (stat) => guard(() => files.find(stat)),
    saveFileDigests: (entries) => {
      guard(() => {
        files.save(entries);
      });
    },
    ...openUpkeep(tables, path),
    pseudonymKey: () => guard(() => readPseudonymKey(context, path)),
    statistics: () => guard(() => statistics.read()),
    close: () => {
      guard(() => writeFiles("close store", watch, () => connection.close()));
    },
  };
}

function openTables(connection: Connection, path: string, watch: WriteWatch) {
  const context = createTableContext(connection, watch);
  const runs = openRuns(context);
  const leases = openLeases(context);
  const answers = openAnswers(context, runs, leases);
  return {
    context,
    runs,
    leases,
    answers,
    runTasks: openRunTasks(context, runs, answers),
    askedTasks: openAskedTasks(context, runs),
    rows: openRows(context, runs),
    files: openFileDigests(context),
    statistics: openStatistics(context, path),
  };
}
