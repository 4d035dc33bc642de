// Finds the plastic sublists whose turn it is: those that a spike crossed 32 ticks ago (a pairing window closes), and those of the sources
// whose consolidation is due. A sublist is claimed once for each reason; the first claim makes it a task of the learning kernel.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read_write> table: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> rows: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> spikes: array<u32>;
@group(0) @binding(5) var<storage, read_write> control: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> tasks: array<u32>;               // table words of plastic sublists

fn word(part: u32, i: u32) -> u32 { return atomicLoad(&table[i]); }

const SIDE_BY_SIDE = 16u;       // threads that share a source's sublists
const CONSOLIDATES = 0x10000u;  // a claim for consolidation; pairings count below it

fn claim(sublist: u32, what: u32) {
  if (atomicAdd(&table[sublist + PREFIX_CLAIMS], what) == 0u) {
    tasks[atomicAdd(&table[TABLE_TASKS + tick.slot], 1u)] = sublist;
  }
}

fn claim_pairings(spike: Spike, part: u32) {
  let age = spike.age - LEARNING_WINDOW;
  if (age <= 0) { return; }
  let row = rows[spike.source];
  if ((row.y >> 24u) != part) { return; }
  let place = find_sublists(part, row, u32(age));
  for (var i = 0u; i < place.left; i++) {
    let entry = word(part, place.at + 2u * i);
    if (visit_of(entry) != u32(age)) { return; }
    if (is_plastic(entry)) { claim(row.x + word(part, place.at + 2u * i + 1u), 1u); }
  }
}

// Sublists `first`, `first` + SIDE_BY_SIDE ... of a source.
fn claim_consolidation(source: u32, first: u32, part: u32) {
  let row = rows[source];
  if ((row.y >> 24u) != part) { return; }
  for (var i = first; i < (row.y & 0xffffffu); i += SIDE_BY_SIDE) {
    if (!is_plastic(word(part, row.x + 2u * i))) { continue; }
    let sublist = row.x + word(part, row.x + 2u * i + 1u);
    if ((word(part, sublist + PREFIX_RATES) & 0xff00u) != 0u) { claim(sublist, CONSOLIDATES); }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let part = atomicLoad(&table[0]);
  let threads = groups.x * 64u;
  for (var run = 0u; run < network.pair_runs; run++) {
    let ages = network.pair_run_ages[run];
    let begin = atomicLoad(&control[CONTROL_RING + ((tick.now - ages.y) & network.ring_mask)]);
    let length = atomicLoad(&control[CONTROL_RING + ((tick.now - ages.x + 1u) & network.ring_mask)]) - begin;
    for (var i = id.x; i < length; i += threads) { claim_pairings(spike_at(begin + i, tick.now), part); }
  }
  if (network.consolidates == 0u) { return; }
  let first = (CONSOLIDATION_PERIOD - tick.now % CONSOLIDATION_PERIOD) % CONSOLIDATION_PERIOD;
  let step = threads / SIDE_BY_SIDE * CONSOLIDATION_PERIOD;
  for (var source = first + id.x / SIDE_BY_SIDE * CONSOLIDATION_PERIOD; source < network.neurons; source += step) {
    claim_consolidation(source, id.x % SIDE_BY_SIDE, part);
  }
}
