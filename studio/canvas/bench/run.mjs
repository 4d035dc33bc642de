// Runs a TypeScript file on a Node that does not read TypeScript by itself: node bench/run.mjs FILE [ARGUMENTS]
import {resolve} from 'node:path';
import {runnerImport} from 'vite';

const {module} = await runnerImport(resolve(process.argv[2]));
await module.main(process.argv.slice(3));
