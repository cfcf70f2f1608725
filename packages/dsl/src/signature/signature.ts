/**
 * All that the language knows of ops. The language never sees an op's function: constructors, their parameters, how
 * tasks are wired and which metrics exist are read from these declarations alone.
 */

/** What a declaration of a program may declare by a constructor. */
export type Role = "dataset" | "backbone" | "head";

export interface OpSignature {
  /** The word in a program where the op is a constructor or a metric, e.g. `knn`; unique among all ops. */
  readonly name: string;
  /** Raised whenever the same question gets another answer. Part of every fingerprint. */
  readonly version: number;
  /** One sentence for `exp ops`, completion and hover. */
  readonly summary: string;
  /**
   * `constructor`: written in a program as `ROLE name = NAME { ... }`.
   * `companion`: never written; its parameters may be set in any declaration of its role (e.g. few-shot settings of a dataset).
   * `metric`: written in cells as `SPLIT.NAME`.
   * `select`, `chosen`, `score epochs`, `pool`: never written; what a `search { ... }` of a head is made of (one op each).
   * `resample`, `compare`, `delong`, `rank`: never written; what the intervals and tests of a table are made of (one op each).
   */
  readonly use: OpUse;
  /** The role whose declarations set the parameters; metrics have none. */
  readonly role?: Role;
  readonly params: Readonly<Record<string, ParamSpec>>;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** The kind of artifact that the op makes, e.g. `features`. */
  readonly output: string;
  /** Of a metric: which scores are better. Absent where neither is. */
  readonly better?: "higher" | "lower";
  /** What `search { grid: NAME }` tries, by name; `default` is what a search without `over` tries. Constructors of heads only. */
  readonly grids?: Readonly<Record<string, Grid>>;
  /** The wired parameters of a head's constructor that a search sets. */
  readonly searching?: SearchingParams;
  /**
   * Of a head: the boolean parameter by which it learns from validation besides training where it has no search; a search says
   * it by `refit`.
   */
  readonly joinsVal?: string;
  /** What the rules of protocols must know of the op. */
  readonly facts?: OpFacts;
}

export interface SearchingParams {
  /** True for the fit of a point: that it cannot be made is then an answer, for the search to pass over, and no failure. */
  readonly point?: string;
  /** For heads that are trained in epochs, so that the best one can be chosen too. */
  readonly epochs?: {
    /** True: the state at the end of every epoch is kept, for the op that scores epochs. */
    readonly keep: string;
    /** The share (0 to 1] of the training after which it ends. */
    readonly stopAt: string;
  };
}

/** What holds of an op where its own parameters are as said (absent: always). Of several, the first that applies. */
export interface Fact<Value> {
  readonly is: Value;
  readonly where?: Readonly<Record<string, FactCondition>>;
}

/** `set`: not null; `unset`: null; else one of the values listed. */
export type FactCondition = "set" | "unset" | readonly (null | boolean | number | string)[];

export type LabelKind = "single-label" | "multi-label";

/**
 * What parameters and kinds do not say of an op and a protocol may break, as far as a program alone shows it. What is left
 * out is not known, and no rule speaks of it.
 */
export interface OpFacts {
  /** Of a data set: whether an image has one label or several. */
  readonly labels?: readonly Fact<LabelKind>[];
  /** Of a data set: whether it says which patient (or other group) an image is of. */
  readonly patients?: readonly Fact<boolean>[];
  /** Of a data set: whether it says which bag an image belongs to. */
  readonly bags?: readonly Fact<boolean>[];
  /** Of a data set: the parameters that list the names of its classes. */
  readonly classNames?: readonly string[];
  /** Of a data set: the parameters that say how many examples a split has. */
  readonly splitSizes?: Readonly<Partial<Record<SplitName, string>>>;
  /** Of a head or a metric: the only labels that it is made for, and the op to use `instead` for the others. */
  readonly fits?: { readonly labels: LabelKind; readonly instead?: string };
  /** Of a backbone: the parts that its feature rows can have at most. */
  readonly parts?: readonly Fact<readonly string[]>[];
  /** Of a head: the parameters by which it asks for parts of the features. */
  readonly takesParts?: {
    /** One part by its name; null where the others say. */
    readonly named: string;
    /** Class tokens of so many last blocks. */
    readonly blocks?: string;
    /** True: the mean of the patch tokens too. */
    readonly patches?: string;
  };
  /** Of a backbone: its features were computed elsewhere and come from a file. */
  readonly ofFiles?: boolean;
  /** Of a backbone: parameters that are whole multiples of others, or of a number. */
  readonly multiples?: Readonly<Record<string, string | number>>;
  /** Of a backbone: parameters whose default is what its weights were trained with. */
  readonly published?: readonly string[];
  /** Parameters that mean something only where another one is set. */
  readonly onlyWith?: Readonly<Record<string, string>>;
  /** Parameters that say what another one says in another way: one of both is set at the most. */
  readonly notWith?: Readonly<Record<string, string>>;
}

export type OpUse =
  | "constructor"
  | "companion"
  | "metric"
  | "select"
  | "chosen"
  | "score epochs"
  | "pool"
  | "resample"
  | "compare"
  | "delong"
  | "rank";

/** The values to try for each parameter, in this order. */
export type Grid = Readonly<Record<string, readonly (number | boolean | string)[]>>;

/**
 * One input of an op. Wiring is by kind: within a trial, the producer of a kind is the one op (of the trial's
 * constructors and of the companions) that outputs it.
 */
export interface InputSpec {
  readonly kind: string;
  /** The split that this input is taken of. Absent: the split that was asked of the op itself. */
  readonly split?: SplitName;
  /**
   * True where the op needs the input only to find bytes whose digests another input already carries (the images of
   * the examples). Such an input orders the tasks but is in no fingerprint.
   */
  readonly locator?: true;
  /** True where the op takes any number of them, named `NAME.0`, `NAME.1` and so on. Only in ops of a search. */
  readonly many?: true;
  readonly summary: string;
}

export type SplitName = "train" | "val" | "test";

export const splitNames: readonly SplitName[] = ["train", "val", "test"];

/**
 * What a task may be asked about besides a split: both splits that a refit learns from, one fold of the training split
 * (counted from 1: `fold 2/5`), or the training split without it (`rest 2/5`).
 */
export type ExampleSelection = SplitName | "train+val" | `${"fold" | "rest"} ${number}/${number}`;

/** The values of other parameters of the same op for which a parameter means nothing. */
export type IdleCase = Readonly<Record<string, readonly (null | boolean | number | string)[]>>;

interface ParamBase {
  readonly summary: string;
  /**
   * Where the parameter means nothing, by the values of the op's other parameters (`split` among them): it is then left out
   * of the question, so that tasks which differ in it alone are one task. Each entry is a case; all of its conditions hold.
   */
  readonly idleWhere?: readonly IdleCase[];
  /** False: cannot change an answer (a batch size); left out of fingerprints. */
  readonly semantic?: false;
}

export interface NumberSpec extends ParamBase {
  readonly type: "number" | "integer";
  /** Inclusive bounds. */
  readonly min?: number;
  readonly max?: number;
  readonly default?: number | null;
  readonly unit?: string;
  /** Words that may be written in place of a number, and what they stand for, e.g. `all` for null. */
  readonly words?: Readonly<Record<string, number | null>>;
}

/** The seed of a fit or of random weights: an integer that a bare `seed:` axis sets on every op of the trial that has one. */
export interface SeedSpec extends ParamBase {
  readonly type: "seed";
  readonly default?: number;
  /** False: a bare `seed:` axis leaves it alone (draws are a stream of their own); an axis of its own name still counts as seeds. */
  readonly broadcast?: false;
  /** How many values (from 0) a sweep takes that neither has an axis for the seed nor sets it, where it means anything. */
  readonly repeats?: number;
}

export interface BooleanSpec extends ParamBase {
  readonly type: "boolean";
  readonly default?: boolean;
}

export interface StringSpec extends ParamBase {
  readonly type: "string";
  readonly default?: string | null;
}

export interface ChoiceSpec extends ParamBase {
  readonly type: "choice";
  readonly choices: readonly string[];
  readonly default?: string | null;
}

/** The split that was asked of the op: set by wiring, never written in a program. */
export interface SplitSpec extends ParamBase {
  readonly type: "split";
}

/** Set by wiring too: what an op of a search must know, e.g. the points that it chooses among. */
export interface WiredSpec extends ParamBase {
  readonly type: "wired";
  /** The parameter of another role of the trial whose value it takes, e.g. `head.epochs`; null where no op has it. */
  readonly takes?: `${Role}.${string}`;
}

/**
 * A path. In a program a string, relative to the file that writes it; one that begins with a value from outside (`--set`,
 * the variable of an `env()`) is relative to the working directory. In a fingerprint the digest of what lies there.
 */
export interface PathSpec extends ParamBase {
  readonly type: "file" | "directory";
  /** True: the file may also lie on the hub or at an address, `hf(..)` or `url(..)`. */
  readonly remote?: true;
  readonly default?: null;
}

export interface ListSpec extends ParamBase {
  readonly type: "list";
  readonly items: NumberSpec | StringSpec | ChoiceSpec | ListSpec;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** True: numbers, each higher than the one before. */
  readonly isAscending?: true;
  readonly default?: ListValue | null;
}

/**
 * Where the weights of a backbone come from: `random(SEED)`, `file("PATH")`, `hf("org/name", "FILE", "REVISION")` of which the last
 * two may be left out, `url("ADDRESS", "SHA-256")`, or the name of weights that the constructor knows itself.
 */
export interface WeightsSpec extends ParamBase {
  readonly type: "weights";
  readonly sources: readonly WeightsValue["weights"][];
  /** Weights that go by a name, in lower case. */
  readonly published?: Readonly<Record<string, StoredWeightsValue>>;
  readonly default?: StoredWeightsValue | null;
}

/** A parameter without a `default` must be written; a default of `null` means absent. */
export type ParamSpec =
  | NumberSpec
  | SeedSpec
  | BooleanSpec
  | StringSpec
  | ChoiceSpec
  | PathSpec
  | ListSpec
  | WeightsSpec
  | SplitSpec
  | WiredSpec;

/** A parameter's value after checking: plain data, complete with defaults. */
export type ParamValue = null | boolean | number | string | ListValue | PathValue | WeightsValue | WiredValue;

export type ListValue = readonly (number | string | ListValue)[];

/** Plain data, e.g. the points of a search. */
export type WiredValue = readonly PlainValue[] | PlainSettings;

export interface PlainSettings {
  readonly [name: string]: PlainValue;
}

export type PlainValue = null | boolean | number | string | readonly PlainValue[] | PlainSettings;

/** A resolved path: absolute, or relative to the working directory. */
export interface PathValue {
  readonly path: string;
}

export type WeightsValue = { readonly weights: "random"; readonly seed: number } | StoredWeightsValue;

/** Weights that lie in a file: here, on the Hugging Face hub, or at an address. */
export type StoredWeightsValue =
  | { readonly weights: "file"; readonly path: string }
  | {
      readonly weights: "hf";
      readonly repository: string;
      /** Null: the repository's weights, whatever their file is called. */
      readonly file: string | null;
      /** A branch, tag or commit; null: the repository's main branch. */
      readonly revision: string | null;
    }
  | {
      readonly weights: "url";
      readonly url: string;
      /** All 64 hex digits, or the first 8 or more of them. */
      readonly sha256: string;
    };
