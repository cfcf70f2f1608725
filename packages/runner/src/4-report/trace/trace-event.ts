/**
 * One entry of the Trace Event Format, which chrome://tracing and Perfetto read. Times are whole microseconds since the
 * run's start. `X` is a stretch of time, `i` a moment, `C` a counter's value from then on, `M` names a track.
 */
export interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "i" | "C" | "M";
  readonly ts: number;
  /** 0 for whatever is no stretch of time. */
  readonly dur: number;
  readonly pid: number;
  /** The track. */
  readonly tid: number;
  /** The op, or what else the event is about. */
  readonly cat: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Of a moment: it belongs to its track. */
  readonly s?: "t";
}

/** A whole trace file. */
export interface TraceDocument {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: "ms";
  /** What the trace is of. */
  readonly otherData: Readonly<Record<string, unknown>>;
}

/** A run is one process of the trace. */
const process = 1;

/** The tracks that are not those of tasks. Tasks have theirs from `firstTaskTrack` on. */
export const runTrack = 0;
export const storeTrack = 1;
export const firstTaskTrack = 2;

type Parts = Pick<TraceEvent, "name" | "ts" | "tid" | "cat"> & Partial<Pick<TraceEvent, "dur" | "args">>;

export function stretch(parts: Parts): TraceEvent {
  return { dur: 0, args: {}, ...parts, ph: "X", pid: process };
}

export function moment(parts: Parts): TraceEvent {
  return { dur: 0, args: {}, ...parts, ph: "i", pid: process, s: "t" };
}

export function counter(name: string, ts: number, value: number): TraceEvent {
  return { name, ph: "C", ts, dur: 0, pid: process, tid: runTrack, cat: "counter", args: { [name]: value } };
}

export function nameProcess(name: string): TraceEvent {
  return { name: "process_name", ph: "M", ts: 0, dur: 0, pid: process, tid: runTrack, cat: "name", args: { name } };
}

/** Tracks stand in the order of their numbers. */
export function nameTrack(tid: number, name: string): readonly TraceEvent[] {
  const common = { ph: "M", ts: 0, dur: 0, pid: process, tid, cat: "name" } as const;
  return [
    { ...common, name: "thread_name", args: { name } },
    { ...common, name: "thread_sort_index", args: { sort_index: tid } },
  ];
}
