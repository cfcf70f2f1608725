import type { Importer } from "./importer.ts";
import { attentionImporters } from "./importers/attention.ts";
import { elementwiseImporters } from "./importers/elementwise.ts";
import { indexingImporters } from "./importers/indexing.ts";
import { layoutImporters } from "./importers/layout.ts";
import { microsoftImporters } from "./importers/microsoft.ts";
import { normalisationImporters } from "./importers/normalisations.ts";
import { productImporters } from "./importers/products.ts";
import { rearrangingImporters } from "./importers/rearranging.ts";
import { reductionImporters } from "./importers/reductions.ts";
import { resizingImporters } from "./importers/resizing.ts";
import { shapeImporters } from "./importers/shapes.ts";
import { windowImporters } from "./importers/windows.ts";
import { isStandard } from "./operator-sets.ts";

/** The importers there are, by operator: what is listed here can stand in a model that is trained. */
export const importers: ReadonlyMap<string, Importer> = new Map([
  ...attentionImporters,
  ...elementwiseImporters,
  ...indexingImporters,
  ...layoutImporters,
  ...normalisationImporters,
  ...productImporters,
  ...rearrangingImporters,
  ...reductionImporters,
  ...resizingImporters,
  ...shapeImporters,
  ...windowImporters,
]);

/** The importer of an operator; undefined where it is not known. `com.microsoft` is what onnxruntime's tools write. */
export function importerOf(domain: string, operator: string): Importer | undefined {
  if (domain === "com.microsoft") return microsoftImporters.get(operator);
  if (!isStandard(domain)) return undefined;
  // They write this one under ONNX's own name.
  return operator === "SimplifiedLayerNormalization" ? microsoftImporters.get(operator) : importers.get(operator);
}
