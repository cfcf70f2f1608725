/** Files that were opened last, so that slices which are asked for in order open each file once. */
export interface SliceCache<File> {
  /** The same promise while the file is held, a failed one too. */
  readonly open: (name: string) => Promise<File>;
  readonly clear: () => void;
}

/** How many files are held, and how many bytes in all; one file is held however large it is. */
const limits = { files: 2, bytes: 2 ** 30 } as const;

export function createSliceCache<File extends { readonly bytes: number }>(
  open: (name: string) => Promise<File>,
  most: { readonly files: number; readonly bytes: number } = limits,
): SliceCache<File> {
  /** The one that was asked for last at the end. */
  const held = new Map<string, { readonly file: Promise<File>; bytes: number }>();
  const forget = (): void => {
    const total = (): number => [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    while (held.size > 1 && (held.size > most.files || total() > most.bytes)) {
      const [oldest] = held.keys();
      held.delete(oldest!);
    }
  };
  return {
    open: async (name) => {
      const known = held.get(name);
      const entry = known ?? { file: open(name), bytes: 0 };
      held.delete(name);
      held.set(name, entry);
      forget();
      const file = await entry.file;
      if (entry.bytes === 0) {
        entry.bytes = file.bytes;
        forget();
      }
      return file;
    },
    clear: () => {
      held.clear();
    },
  };
}
