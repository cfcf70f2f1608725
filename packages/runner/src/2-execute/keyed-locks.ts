/** Lets those that share a key go one after the other, in the order in which they came. */
export class KeyedLocks<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();

  async holding<Result>(key: Key, act: () => Promise<Result>): Promise<Result> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(act);
    // The next one waits for the end, whatever it is.
    const ended = turn.catch(() => undefined);
    this.#last.set(key, ended);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}
