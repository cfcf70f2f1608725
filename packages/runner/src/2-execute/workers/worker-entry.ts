/**
 * Where a worker begins, be it a thread or a process. The build puts it beside this file; a source file cannot be loaded
 * into either.
 */
export const workerEntry = new URL("./worker-main.js", import.meta.url);
