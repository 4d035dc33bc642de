// Puts the spikes of each tick of a batch in rising order: a workgroup a tick. They come block by block, rising within each block, the blocks
// in any order: so where a block's spikes go is known once those of all blocks before it are counted. WINDOW blocks at a time.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;                           // a: ticks of the batch
@group(0) @binding(2) var<storage, read> control: array<u32>;
@group(0) @binding(3) var<storage, read> fired_list: array<u32>;
@group(0) @binding(4) var<storage, read_write> ordered: array<u32>;

const WINDOW = 1024u;
const EACH = WINDOW / THREADS;  // blocks that a thread counts together

var<workgroup> places: array<atomic<u32>, WINDOW>;  // spikes of each block, then the place of its first
var<workgroup> firsts: array<atomic<u32>, WINDOW>;  // where its spikes begin in the list
var<workgroup> sums: array<u32, THREADS>;

// Makes `places` running sums from `base` on; returns the sum of all.
fn sum_places(thread: u32, base: u32) -> u32 {
  var own = 0u;
  for (var i = 0u; i < EACH; i++) { own += atomicLoad(&places[thread * EACH + i]); }
  sums[thread] = own;
  for (var reach = 1u; reach < THREADS; reach *= 2u) {
    workgroupBarrier();
    var sum = sums[thread];
    if (thread >= reach) { sum += sums[thread - reach]; }
    workgroupBarrier();
    sums[thread] = sum;
  }
  var place = base + sums[thread] - own;
  for (var i = 0u; i < EACH; i++) { place += atomicExchange(&places[thread * EACH + i], place); }
  return workgroupUniformLoad(&sums[THREADS - 1u]);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>) {
  let begin = control[CONTROL_TICK_HEAD + group.x] - control[CONTROL_BATCH_HEAD];
  var end = control[CONTROL_HEAD];
  if (group.x + 1u < tick.a) { end = control[CONTROL_TICK_HEAD + group.x + 1u]; }
  let count = end - control[CONTROL_BATCH_HEAD] - begin;
  var base = begin;
  for (var window = 0u; window < network.blocks && base < begin + count; window += WINDOW) {
    for (var i = thread; i < WINDOW; i += THREADS) {
      atomicStore(&places[i], 0u);
      atomicStore(&firsts[i], 0xffffffffu);
    }
    workgroupBarrier();
    for (var k = thread; k < count; k += THREADS) {
      let block = fired_list[begin + k] / BLOCK - window;  // wraps far above WINDOW for blocks before it
      if (block < WINDOW) {
        atomicAdd(&places[block], 1u);
        atomicMin(&firsts[block], k);
      }
    }
    workgroupBarrier();
    let sum = sum_places(thread, base);
    for (var k = thread; k < count; k += THREADS) {
      let neuron = fired_list[begin + k];
      let block = neuron / BLOCK - window;
      if (block < WINDOW) { ordered[atomicLoad(&places[block]) + k - atomicLoad(&firsts[block])] = neuron; }
    }
    base += sum;
    workgroupBarrier();
  }
}
