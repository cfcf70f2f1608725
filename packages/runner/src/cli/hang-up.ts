/**
 * Ends the process as the loss of its terminal does, with everything stored that is. An ordinary exit would abort: Node
 * insists on setting a terminal back that is gone.
 */
export function hangUp(): void {
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}
