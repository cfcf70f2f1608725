/** How much of a published data set is here, in units that its split is made of. */
export interface Presence {
  readonly found: number;
  readonly published: number;
  /** In the plural, e.g. `patients`. */
  readonly unit: string;
}

/**
 * The note that a split by rule needs where something is missing or added: every later patient may then be in another split than
 * in the whole set. None where all is here.
 */
export function describePartial({ found, published, unit }: Presence): readonly string[] {
  if (found === published) return [];
  return [
    `The split follows a rule over the ${unit}, of which ${String(found)} are here and ${String(published)} are published: it is not the split of the published set.`,
  ];
}
