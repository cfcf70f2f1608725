import { damagedHdf5 } from "./hdf5-errors.ts";

/** An open file and the library that holds it. Neither outlives the call that hands them out. */
export interface OpenHdf5 {
  readonly library: Hdf5Library;
  readonly id: bigint;
}

/** What is used of h5wasm's low level. A file is its `id`; addresses in the library's memory are numbers. */
export interface Hdf5Library {
  readonly H5G_DATASET: number;
  /** All links below a group, without those of other files. */
  readonly get_names: (id: bigint, path: string, isRecursive: boolean) => readonly string[];
  readonly get_type: (id: bigint, path: string) => number;
  readonly get_dataset_metadata: (id: bigint, path: string) => Hdf5Metadata;
  readonly get_dataset_filters: (id: bigint, path: string) => readonly { readonly id: number }[];
  /** Fills memory from an address on with the whole data set, little-endian; negative where it cannot. */
  readonly get_dataset_data: (
    ...place: [id: bigint, path: string, count: null, offset: null, strides: null, address: bigint]
  ) => number;
  readonly reclaim_vlen_memory: (id: bigint, path: string, attribute: string, address: bigint) => number;
  readonly get_attribute_names: (id: bigint, path: string) => readonly string[];
  readonly get_attribute_metadata: (id: bigint, path: string, attribute: string) => Hdf5Metadata;
  readonly get_attribute_data: (id: bigint, path: string, attribute: string, address: bigint) => number;
  /** Eight bytes: where the object's header lies, little-endian, counted from the superblock. */
  readonly create_object_reference: (id: bigint, path: string) => readonly number[];
  /** 0 where the memory is used up. */
  readonly _malloc: (length: number) => number;
  readonly _free: (address: number) => void;
  /** The library's memory, as it is now: another one after each call that may allocate. */
  readonly memory: () => Uint8Array;
}

/** Of a data set or an attribute. */
export interface Hdf5Metadata {
  /** HDF5's number of the class: 0 is whole numbers, 1 floats, 3 strings. */
  readonly type: number;
  /** Bytes of an element. */
  readonly size: number;
  /** Null where it holds nothing at all. */
  readonly shape: readonly number[] | null;
  readonly chunks: readonly number[] | null;
  /** A string of variable length: the elements are addresses. */
  readonly vlen: boolean;
  /** The other files that a virtual data set is put together from. */
  readonly virtual_sources?: readonly unknown[];
}

/** The library failed: the file is damaged, and the library's own state is not to be trusted any more. */
export class Hdf5Fault extends Error {}

/**
 * Opens a file for one call. Nothing stays open after it, and the bytes are not copied.
 *
 * The build of h5wasm for browsers is taken, not the one for Node: its files lie in memory, so that no link in a hostile
 * file leads to the machine's disk. Where the library fails it is thrown away, with all that it holds, and the next call
 * loads a fresh one (some 50 ms).
 * @throws OpError `hdf5-damaged` where the library fails
 */
export async function withHdf5<T>(name: string, bytes: Uint8Array, read: (file: OpenHdf5) => T): Promise<T> {
  let asked: Promise<LoadedLibrary>;
  let loaded: LoadedLibrary;
  // While this call waited, another one may have found the library to fail.
  do {
    asked = loading ??= loadLibrary();
    loaded = await asked;
  } while (asked !== loading);
  const { openFile, ...library } = loaded;
  try {
    const file = openFile(bytes);
    try {
      return read({ library, id: file.id });
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
    loading = null;
    throw damagedHdf5(name, "the file is cut short or corrupt");
  } finally {
    // Memory that WebAssembly has taken it never gives back.
    if (library.memory().length > maxKeptMemory) loading = null;
  }
}

let loading: Promise<LoadedLibrary> | null = null;
const maxKeptMemory = 256 * 1024 * 1024;

interface LoadedLibrary extends Hdf5Library {
  readonly openFile: (bytes: Uint8Array) => { readonly id: bigint; readonly close: () => void };
}

/** As it comes from h5wasm. */
interface RawLibrary extends Omit<Hdf5Library, "memory"> {
  readonly HEAPU8: Uint8Array;
  readonly FS: {
    readonly writeFile: (path: string, bytes: Uint8Array, options: { readonly canOwn: boolean }) => void;
    readonly unlink: (path: string) => void;
  };
  readonly open: (...call: [path: string, mode: number, isOrdered: boolean, low: number, high: number]) => bigint;
  readonly close_file: (id: bigint) => number;
}

/** The package's entry makes one library per process; its inner module makes as many as are asked for. */
async function loadLibrary(): Promise<LoadedLibrary> {
  const entry = new URL("hdf5_util.js", import.meta.resolve("h5wasm"));
  const { default: create } = (await import(entry.href)) as {
    readonly default: (options: object) => Promise<RawLibrary>;
  };
  const silent = (): void => undefined;
  const raw = await create({ noInitialRun: true, print: silent, printErr: silent });
  const calls = {
    get_names: guard(raw.get_names),
    get_type: guard(raw.get_type),
    get_dataset_metadata: guard(raw.get_dataset_metadata),
    get_dataset_filters: guard(raw.get_dataset_filters),
    get_dataset_data: guard(raw.get_dataset_data),
    reclaim_vlen_memory: guard(raw.reclaim_vlen_memory),
    get_attribute_names: guard(raw.get_attribute_names),
    get_attribute_metadata: guard(raw.get_attribute_metadata),
    get_attribute_data: guard(raw.get_attribute_data),
    create_object_reference: guard(raw.create_object_reference),
    _malloc: guard(raw._malloc),
    _free: guard(raw._free),
  };
  return { ...calls, H5G_DATASET: raw.H5G_DATASET, memory: () => raw.HEAPU8, openFile: guard(fileOpener(raw)) };
}

/** Whatever is thrown within the library becomes an `Hdf5Fault`: errors, traps, exhausted stacks. */
function guard<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      throw new Hdf5Fault("The HDF5 library failed.", { cause: error });
    }
  };
}

function fileOpener({ FS, open, close_file }: RawLibrary): LoadedLibrary["openFile"] {
  const path = "/read.h5";
  const readOnly = 0;
  const anyVersion = -1;
  return (bytes) => {
    FS.writeFile(path, bytes, { canOwn: true });
    const id = open(path, readOnly, false, anyVersion, anyVersion);
    // What is open can be read without its name, and the next file may have it.
    FS.unlink(path);
    if (id < 0n) throw new Error("The file cannot be opened.");
    const close = guard(() => {
      if (close_file(id) < 0) throw new Error("The file cannot be closed.");
    });
    return { id, close };
  };
}
