import type { WorkerReply, WorkerRequest } from "./worker-messages.ts";

/** One worker that was started, whatever it is: requests to it, and its end. What it says goes to its listener. */
export interface WorkerPort {
  /** `handedOver`: memory that the sender needs no longer, which need not be copied. */
  post(request: WorkerRequest, handedOver: readonly ArrayBuffer[]): void;
  /** Ends it, whatever it is doing, and waits until it is gone. A thread is gone once native code returns. */
  end(): Promise<void>;
}

export interface WorkerListener {
  readonly onReply: (reply: WorkerReply) => void;
  /** It is gone, or could not be started; `reason` is a clause such as `the thread ended with code 1`. May come twice. */
  readonly onEnd: (reason: string) => void;
}

/** Starts a worker. */
export type StartWorker = (listener: WorkerListener) => WorkerPort;
