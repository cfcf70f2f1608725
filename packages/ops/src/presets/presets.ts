import type { Preset } from "@exp-lab/dsl";
import { baharoon2023Figures, baharoon2023Head } from "./baharoon2023.ts";

/** Every published protocol that a sweep may name: one line each. */
export const presets: readonly Preset[] = [baharoon2023Figures, baharoon2023Head];
