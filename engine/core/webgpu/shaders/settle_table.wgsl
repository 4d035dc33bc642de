// Fades all plastic synapses to the end of the tick before `now`: a thread a row.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read_write> table: array<u32>;
@group(0) @binding(3) var<storage, read> rows: array<vec2<u32>>;

fn fade_sublist(sublist: u32, last: u32) {
  let synapses = table[sublist + PREFIX_SYNAPSES];
  let fade = fade_of(table[sublist + PREFIX_RATES], table[sublist + PREFIX_STAMP], last);
  let first = sublist + PLASTIC_PREFIX + synapses;
  for (var at = first; at < first + synapses; at++) {
    var learned = unpack_learned(table[at]);
    learned.short_term = decay(learned.short_term, fade);
    table[at] = pack_learned(learned);
  }
  table[sublist + PREFIX_STAMP] = last;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var source = id.x; source < network.neurons; source += groups.x * 64u) {
    let row = rows[source];
    if ((row.y >> 24u) != table[0]) { continue; }
    for (var i = 0u; i < (row.y & 0xffffffu); i++) {
      if (is_plastic(table[row.x + 2u * i])) { fade_sublist(row.x + table[row.x + 2u * i + 1u], tick.now - 1u); }
    }
  }
}
