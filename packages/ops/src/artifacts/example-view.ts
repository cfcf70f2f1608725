import { isJsonObject, type ArtifactDocument, type JsonObject } from "./document-codec.ts";
import {
  booleanField,
  nullableNumbersField,
  nullableStringsField,
  numberField,
  numbersField,
  stringsField,
} from "./document-fields.ts";

/** One augmented view of an image: a pure function of the image, the operations, the seed, its number and what it is drawn by. */
export interface ExampleView {
  /** The digest of the image itself. */
  readonly of: string;
  /** Which of the views, from 0. */
  readonly index: number;
  readonly recipe: ViewRecipe;
  /** What the random numbers are drawn by in place of the image's digest: one and the same for all images of a bag. */
  readonly drawnBy?: string;
}

/** How views are made: what is done to an image, in this order. */
export interface ViewRecipe {
  readonly operations: readonly string[];
  readonly seed: number;
  /** False: the views are fresh in every epoch, too many to be kept. It changes no view. */
  readonly stored: boolean;
  /**
   * The class that each class is in a mirrored view, by number: pairs change places, all others are themselves. Absent: so are
   * all. It changes no pixels, only what the view is labelled as.
   */
  readonly mirroredClasses?: readonly number[];
}

/** The fields of the examples' views, by columns; none where there are no views. One recipe for all: a set of views is made by one call. */
export function viewFields(views: readonly (ExampleView | undefined)[]): JsonObject {
  const recipe = views.find((view) => view !== undefined)?.recipe;
  if (recipe === undefined) return {};
  const { operations, seed, stored, mirroredClasses } = recipe;
  return {
    viewRecipe: { operations, seed, stored, ...(mirroredClasses !== undefined && { mirroredClasses }) },
    viewOf: views.map((view) => view?.of ?? null),
    viewIndex: views.map((view) => view?.index ?? null),
    ...(views.some((view) => view?.drawnBy !== undefined) && {
      viewDrawnBy: views.map((view) => view?.drawnBy ?? null),
    }),
  };
}

/** The inverse: the view of a row, null where it is an image as it is. @throws OpError `artifact-damaged` */
export function decodeViews(document: ArtifactDocument): (row: number) => ExampleView | null {
  if (!("viewRecipe" in document.fields)) return () => null;
  const recipe = decodeRecipe(document);
  const of = nullableStringsField(document, "viewOf");
  const index = nullableNumbersField(document, "viewIndex");
  const drawnBy = "viewDrawnBy" in document.fields ? nullableStringsField(document, "viewDrawnBy") : [];
  return (row) => {
    const [image, number, drawn] = [of[row] ?? null, index[row] ?? null, drawnBy[row] ?? null];
    if (image === null || number === null) return null;
    return { of: image, index: number, recipe, ...(drawn !== null && { drawnBy: drawn }) };
  };
}

function decodeRecipe(document: ArtifactDocument): ViewRecipe {
  const value = document.fields["viewRecipe"];
  const fields = isJsonObject(value) ? value : {};
  const source = { kind: `${document.kind}.viewRecipe`, fields };
  return {
    operations: stringsField(source, "operations"),
    seed: numberField(source, "seed"),
    stored: booleanField(source, "stored"),
    ...("mirroredClasses" in fields && { mirroredClasses: numbersField(source, "mirroredClasses") }),
  };
}
