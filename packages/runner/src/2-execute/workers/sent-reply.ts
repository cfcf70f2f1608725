import { rm } from "node:fs/promises";
import type { CallAnswer } from "../executor.ts";
import { largestMessage, writeHandedFile, type FiledContent } from "./handed-files.ts";
import type { SentReply, WorkerReply } from "./worker-messages.ts";

/** A reply as a worker process sends it: what is large is laid down in files, or stays where there is no room for them. */
export async function layDownReply(reply: WorkerReply, nextPath: () => string): Promise<SentReply> {
  const files: (FiledContent | null)[] = [];
  const emptied = await mapContents(reply, async (content) => {
    const filed = content.byteLength <= largestMessage ? null : await layDown(content, nextPath());
    files.push(filed);
    return filed === null ? content : new Uint8Array(0);
  });
  return { reply: emptied, files };
}

/** The reply that was sent, its contents taken from their files. @throws what `read` throws */
export async function takeReply(
  { reply, files }: SentReply,
  read: (filed: FiledContent) => Promise<Uint8Array>,
): Promise<WorkerReply> {
  const left = [...files];
  return mapContents(reply, async (content) => {
    const filed = left.shift() ?? null;
    return filed === null ? content : read(filed);
  });
}

async function layDown(content: Uint8Array, path: string): Promise<FiledContent | null> {
  try {
    await writeHandedFile(path, content);
    return { path, bytes: content.byteLength };
  } catch {
    await rm(path, { force: true });
    return null;
  }
}

/** A reply with each of its contents, in order, replaced. */
async function mapContents(
  reply: WorkerReply,
  map: (content: Uint8Array) => Promise<Uint8Array>,
): Promise<WorkerReply> {
  if (reply.say === "answers") {
    const answers: CallAnswer[] = [];
    for (const answer of reply.answers) {
      answers.push(answer.ok ? { ...answer, bytes: await map(answer.bytes) } : answer);
    }
    return { ...reply, answers };
  }
  if (reply.say !== "rows" || !reply.rows.ok) return reply;
  const { rows } = reply.rows;
  const bytes = await map(new Uint8Array(rows.rows.buffer, rows.rows.byteOffset, rows.rows.byteLength));
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
  return { ...reply, rows: { ok: true, rows: { ...rows, rows: floats } } };
}
