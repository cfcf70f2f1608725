import type { Importer } from "./importer.ts";
import { elementwiseImporters } from "./importers/elementwise.ts";
import { indexingImporters } from "./importers/indexing.ts";
import { layoutImporters } from "./importers/layout.ts";
import { normalisationImporters } from "./importers/normalisations.ts";
import { productImporters } from "./importers/products.ts";
import { reductionImporters } from "./importers/reductions.ts";
import { resizingImporters } from "./importers/resizing.ts";
import { shapeImporters } from "./importers/shapes.ts";
import { windowImporters } from "./importers/windows.ts";

/** The importers there are, by operator: what is listed here can stand in a model that is trained. */
export const importers: ReadonlyMap<string, Importer> = new Map([
  ...elementwiseImporters,
  ...indexingImporters,
  ...layoutImporters,
  ...normalisationImporters,
  ...productImporters,
  ...reductionImporters,
  ...resizingImporters,
  ...shapeImporters,
  ...windowImporters,
]);
