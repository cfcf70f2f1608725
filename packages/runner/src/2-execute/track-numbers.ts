/** The tracks of a run: whoever works takes the lowest free number, so that what has one number never overlaps. */
export class TrackNumbers {
  readonly #taken = new Set<number>();

  take(): number {
    let track = 0;
    while (this.#taken.has(track)) track += 1;
    this.#taken.add(track);
    return track;
  }

  release(track: number): void {
    this.#taken.delete(track);
  }
}
