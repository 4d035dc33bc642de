// How fast the WebAssembly core is beside the native one: `node bench/wasm_ratio.mjs [NEURONS FANOUT ROUNDS]` runs both in turns, one
// thread each, and prints the medians and the median of the rounds' ratios. Needs build/release/flux and the target flux_bench_wasm.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

const [neurons, fanout, rounds] = [10000, 1000, 5].map((usual, i) => Number(process.argv[2 + i] ?? usual));
const seconds = 1;

const median = values => values.toSorted((a, b) => a - b)[values.length >> 1];

async function loadModule() {
  let memory;
  const clock_time_get = (_clock, _precision, result) => {
    new DataView(memory.buffer).setBigUint64(result, BigInt(Math.round(performance.now() * 1e6)), true);
    return 0;
  };
  const wasi = new Proxy({clock_time_get}, {get: (known, name) => known[name] ?? (() => 8)});
  const module = await WebAssembly.compile(readFileSync(new URL('../build/wasm/flux_bench_wasm.wasm', import.meta.url)));
  const {exports} = await WebAssembly.instantiate(module, {wasi_snapshot_preview1: wasi});
  memory = exports.memory;
  exports._initialize();
  if (!exports.prepare(neurons, fanout, 0)) throw new Error('there is not enough memory for this network');
  return exports;
}

function measureNative() {
  const shell = new URL('../build/release/flux', import.meta.url).pathname;
  const words = ['bench', 'delivery', '--neurons', neurons, '--fanout', fanout, '--rounds', 1, '--seconds', seconds, '--json'];
  return JSON.parse(execFileSync(shell, words.map(String), {encoding: 'utf8'})).events_per_second * 1e6;
}

const module = await loadModule();
module.measure(0.5); // until the compiler of the engine has optimised it
const native = [];
const wasm = [];
for (let round = 0; round < rounds; ++round) {
  native.push(measureNative());
  wasm.push(module.measure(seconds));
}
const ratios = native.map((speed, i) => speed / wasm[i]);
console.log(`native       ${(median(native) / 1e6).toFixed(0)} M synaptic events/s`);
console.log(`WebAssembly  ${(median(wasm) / 1e6).toFixed(0)} M synaptic events/s`);
console.log(`native is ${median(ratios).toFixed(2)} times as fast (rounds: ${ratios.map(ratio => ratio.toFixed(2)).join(', ')})`);
