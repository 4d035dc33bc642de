// Fades, consolidates and pairs the synapses of the sublists that were claimed: a workgroup a sublist.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read_write> table: array<u32>;
@group(0) @binding(3) var<storage, read> tasks: array<u32>;
@group(0) @binding(4) var<storage, read> neurons: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read> types: array<u32>;
@group(0) @binding(6) var<storage, read> history: array<vec4<u32>>;

var<workgroup> task_count: u32;
var<workgroup> sublist_in_turn: u32;

// Sum of the kernel over the target's spikes, as they were before this tick.
fn pairing(neuron: u32) -> i32 {
  let before = history[neuron];
  var bits = shift_left(before.xy, tick.now - 1u - before.z);
  var sum = 0;
  while ((bits.x | bits.y) != 0u) {
    var bit = firstTrailingBit(bits.x);
    if (bits.x == 0u) { bit = 32u + firstTrailingBit(bits.y); }
    if (bits.x != 0u) { bits.x &= bits.x - 1u; } else { bits.y &= bits.y - 1u; }
    let lag = 63u - bit;
    sum += network.kernel[lag / 4u][lag % 4u];
  }
  return clamp(sum, -PAIRING_MAX, PAIRING_MAX);
}

fn gate_of(neuron: u32) -> i32 {
  let p = properties_of(neuron);
  if (p.modulation_leak == 0) { return 0; }
  let n = unpack_neuron(neurons[neuron]);
  return learning_gate(decay(n.modulation, p.modulation_leak * drift_ticks(tick.now - n.stamp)), p);
}

fn learn(synapse: u32, before: Learned, rates: u32, claims: u32) -> Learned {
  let neuron = target_of(synapse);
  let gate = gate_of(neuron);
  var learned = before;
  if ((claims >> 16u) != 0u) { learned = consolidate(learned, i32((rates >> 8u) & 0xffu), gate); }
  let pairs = i32(claims & 0xffffu);  // above 1 where jitter made spikes leave together: the same change each time
  if (pairs > 0) {
    let change = pair_change(pairing(neuron), i32(rates & 0xffu), gate);
    learned.short_term = clamp(learned.short_term + pairs * change, -LEARNED_MAX, LEARNED_MAX);
  }
  return learned;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>,
        @builtin(num_workgroups) groups: vec3<u32>) {
  if (thread == 0u) { task_count = table[TABLE_TASKS + tick.slot]; }
  let count = workgroupUniformLoad(&task_count);
  for (var task = group.x; task < count; task += groups.x) {
    if (thread == 0u) { sublist_in_turn = tasks[task]; }
    let sublist = workgroupUniformLoad(&sublist_in_turn);
    let synapses = table[sublist + PREFIX_SYNAPSES];
    let rates = table[sublist + PREFIX_RATES];
    let claims = table[sublist + PREFIX_CLAIMS];
    let fade = fade_of(rates, table[sublist + PREFIX_STAMP], tick.now);
    for (var i = thread; i < synapses; i += 64u) {
      let at = sublist + PLASTIC_PREFIX + synapses + i;
      var learned = unpack_learned(table[at]);
      learned.short_term = decay(learned.short_term, fade);
      table[at] = pack_learned(learn(table[sublist + PLASTIC_PREFIX + i], learned, rates, claims));
    }
    workgroupBarrier();
    if (thread == 0u) {
      table[sublist + PREFIX_STAMP] = tick.now;
      table[sublist + PREFIX_CLAIMS] = 0u;
    }
  }
}
