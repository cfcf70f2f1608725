/** What learning rates are multiplied with at a step (from 0). Worked out outside the graph and fed to it. */
export type Schedule = (step: number) => number;
