/** Why no archive is made, in one line for whoever asked for it. Everything else that is thrown is a bug. */
export class Refusal extends Error {}
