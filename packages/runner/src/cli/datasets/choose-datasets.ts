import { nearestNames } from "@exp-lab/dsl";
import type { DatasetConstructor } from "@exp-lab/ops";
import { CommandError, exitCodes } from "../exit-codes.ts";

/**
 * What goes by a name: a constructor with all that it reads, or one published data set by its title, whose case does not matter.
 * @throws CommandError where nothing does, with the nearest name, else the first that has it in itself
 */
export function chooseDatasets(name: string, all: readonly DatasetConstructor[]): DatasetConstructor {
  const constructor = all.find((each) => each.name === name);
  if (constructor !== undefined) return constructor;
  for (const each of all) {
    const published = each.published.filter(({ title }) => title.toLowerCase() === name.toLowerCase());
    if (published.length > 0) return { ...each, published };
  }
  const names = [...all.map((each) => each.name), ...all.flatMap(({ published }) => published.map(titleOf))];
  const nearest = nearestNames(name, names)[0] ?? names.find((each) => each.toLowerCase().includes(name.toLowerCase()));
  throw new CommandError(
    exitCodes.wrong,
    `There is no data set "${name}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
    "`exp datasets` lists them.",
  );
}

function titleOf({ title }: { readonly title: string }): string {
  return title;
}
