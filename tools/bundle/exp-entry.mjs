// The archive holds the bundle alone: nothing is chosen here, and nothing was compiled since.
import { main } from "../dist/bundle/exp.js";

process.exitCode = await main(process.argv.slice(2));
