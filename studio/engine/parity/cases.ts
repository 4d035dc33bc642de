import {readFileSync} from 'node:fs';
import type {Case} from './run';

const folder = process.env.FLUX_PARITY;
if (!folder) throw new Error('FLUX_PARITY names no folder: run script/test wasm');

/** What the native engine got. */
export const cases = JSON.parse(readFileSync(`${folder}/hashes.json`, 'utf8')) as Case[];

export const modulePath = new URL('../generated/flux.wasm', import.meta.url);

/** A run without spikes has this hash: it proves nothing about those that have some. */
export const SILENT = '0000000000000000';
