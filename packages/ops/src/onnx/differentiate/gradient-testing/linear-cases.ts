import { elementwiseCases } from "./linear-cases/elementwise.ts";
import { indexingCases } from "./linear-cases/indexing.ts";
import { layoutCases } from "./linear-cases/layout.ts";
import type { LinearCases } from "./linear-cases/linear.ts";
import { productCases } from "./linear-cases/products.ts";
import { resizingCases } from "./linear-cases/resizing.ts";
import { windowCases } from "./linear-cases/windows.ts";

/** Every operator that is linear in some of its inputs, at sizes as networks have them. */
export const linearCases: LinearCases = {
  ...elementwiseCases,
  ...indexingCases,
  ...layoutCases,
  ...productCases,
  ...resizingCases,
  ...windowCases,
};
