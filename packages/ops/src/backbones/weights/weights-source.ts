import type { StoredWeightsValue } from "@exp-lab/dsl";

/** Weights that a program names, other than random ones. */
export type WeightsSource = StoredWeightsValue;

export type FileSource = Extract<StoredWeightsValue, { readonly weights: "file" }>;

/** A file of a repository (`organisation/name`) on the Hugging Face hub. */
export type HubSource = Extract<StoredWeightsValue, { readonly weights: "hf" }>;

export type UrlSource = Extract<StoredWeightsValue, { readonly weights: "url" }>;
