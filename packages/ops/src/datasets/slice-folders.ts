import { splitNames, type SplitName } from "@exp-lab/dsl";
import { OpError } from "../op-error.ts";
import { singleLabelProblem, sortedClassNames } from "./class-names.ts";
import type { LabelledClasses } from "./csv-labels.ts";
import type { SplitFolderParams } from "./labels-table-params.ts";
import type { FilesBelow } from "./slice-files.ts";

/** Files of root/SPLIT/CLASS/..., at any depth below the class. */
export interface ClassFolders {
  /** In order. */
  readonly files: readonly ClassFile[];
  /** Sorted. */
  readonly found: readonly string[];
}

export interface ClassFile {
  readonly name: string;
  readonly split: SplitName;
  readonly className: string;
}

/**
 * Folders of the root that stand for no split are passed over, as are files beside them.
 * @param below what is to be read alone
 * @throws OpError naming the folder: no split, two for one split, a class without files, files beside the classes
 */
export function takeClassFolders(
  below: FilesBelow,
  params: SplitFolderParams,
  onProblem: (problem: OpError) => void,
): ClassFolders {
  const splitOf = findSplits(below, params);
  const empty = new Set(below.folders.filter((folder) => isClassFolder(folder, splitOf)));
  const files: ClassFile[] = [];
  for (const name of below.files) {
    const [splitFolder = "", className = "", ...rest] = name.split("/");
    const split = splitOf.get(splitFolder);
    if (split === undefined || className === "") continue;
    if (rest.length === 0) onProblem(misplaced(name, splitFolder));
    else {
      files.push({ name, split, className });
      empty.delete(`${splitFolder}/${className}`);
    }
  }
  for (const folder of empty) onProblem(emptyClass(folder));
  return { files, found: sortedClassNames(files.map(({ className }) => className)) };
}

function isClassFolder(folder: string, splitOf: ReadonlyMap<string, SplitName>): boolean {
  const parts = folder.split("/");
  return parts.length === 2 && splitOf.has(parts[0]!);
}

/** One row of labels for each class. @throws OpError `class-names-differ`, `too-few-classes` */
export function classesAsLabels({ found }: ClassFolders, classes: readonly string[] | null): LabelledClasses {
  const isSame = classes?.length === found.length && found.every((name) => classes.includes(name));
  if (classes !== null && !isSame) {
    throw new OpError(
      "class-names-differ",
      `\`classes\` names ${classes.join(", ")}, but the class folders are ${found.join(", ")}.`,
      "Name each class folder once.",
    );
  }
  const classNames = classes ?? found;
  const values = Int32Array.from(classNames.keys());
  return { problem: singleLabelProblem(classNames, "The root folder"), classNames, labels: { width: 1, values } };
}

const layout = "Files are expected as SPLIT/CLASS/NAME below the root, or a `table` says what they are.";

function findSplits({ folders, files }: FilesBelow, params: SplitFolderParams): ReadonlyMap<string, SplitName> {
  const there = folders.filter((name) => !name.includes("/"));
  const found = new Map<string, SplitName>();
  for (const split of splitNames) {
    const matches = params[split].filter((name) => there.includes(name));
    if (matches.length > 1) {
      throw new OpError(
        "split-folder-ambiguous",
        `The folders ${matches.join(" and ")} both stand for the split ${split}.`,
        `Say which one is meant, e.g. \`${split}: ["${matches[0]!}"]\`.`,
      );
    }
    for (const name of matches) found.set(name, split);
  }
  if (found.size > 0) return found;
  const seen = [...there.map((name) => `${name}/`), ...files.filter((name) => !name.includes("/"))];
  const wanted = splitNames.flatMap((split) => params[split]).join(", ");
  throw new OpError(
    "split-folders-missing",
    `There is no split folder: found ${seen.length === 0 ? "an empty folder" : firstOf(seen)}, expected some of ${wanted}.`,
    `${layout} Folders of other names are declared by \`train\`, \`val\` and \`test\`.`,
  );
}

function misplaced(name: string, folder: string): OpError {
  const found = `${name} lies beside the class folders of ${folder}, so that no class is known.`;
  return new OpError("image-misplaced", found, layout);
}

function emptyClass(folder: string): OpError {
  return new OpError("class-folder-empty", `The class folder ${folder} holds no file to be read.`, layout);
}

/** The first few names, and how many more there are. */
function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
