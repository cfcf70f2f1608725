import type { ServerResponse } from "node:http";
import type { FakeFaults } from "./fake-faults.ts";
import type { FakeRequest } from "./fake-hub.ts";

export interface SentFile {
  readonly request: FakeRequest;
  /** Null: there is none. */
  readonly bytes: Uint8Array | null;
  readonly faults: FakeFaults;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a file, or the range of it that is asked for, with the faults that are switched on. */
export function sendFile(response: ServerResponse, { request, bytes, faults, headers }: SentFile): void {
  const instead = faults.instead.shift();
  if (instead !== undefined) return void response.writeHead(instead.status, instead.headers).end();
  if (bytes === null) return void response.writeHead(404).end();
  const start = startOf(request, faults);
  if (start > bytes.length || (start === bytes.length && start > 0)) {
    return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  }
  const rest = Buffer.from(bytes.subarray(start));
  if (faults.wrongBytes && rest.length > 0) rest[rest.length - 1]! ^= 0xff;
  const length = faults.endEarlyBy > 0 ? {} : { "content-length": String(rest.length) };
  const range = start > 0 ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(start > 0 ? 206 : 200, { ...headers, ...length, ...range });
  if (request.method === "HEAD") return void response.end();
  sendBody(response, rest, faults);
}

function sendBody(response: ServerResponse, rest: Buffer, faults: FakeFaults): void {
  const drop = faults.dropAfter.shift();
  if (drop !== undefined) {
    response.write(rest.subarray(0, drop));
    faults.held.add(response);
  } else if (faults.stopAfter !== null) {
    response.write(rest.subarray(0, faults.stopAfter));
  } else {
    response.end(rest.subarray(0, rest.length - faults.endEarlyBy));
  }
}

function startOf({ range }: FakeRequest, { ignoreRange }: FakeFaults): number {
  const start = /^bytes=(\d+)-/.exec(range ?? "")?.[1];
  return start === undefined || ignoreRange ? 0 : Number(start);
}
