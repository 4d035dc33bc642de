// Evaluates the neurons that something reaches or whose timer is due: a workgroup a block, a thread two neurons, whose sums share a word
// where they are packed. Spikes go into the log and the batch's list, rising within the block.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read_write> neurons: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> types: array<u32>;                     // 4 words a type; from types_at on 16 bits a neuron: its type
@group(0) @binding(4) var<storage, read_write> control: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> sums: array<i32>;
@group(0) @binding(6) var<storage, read_write> spikes: array<u32>;              // the log
@group(0) @binding(7) var<storage, read_write> fired_list: array<u32>;          // of the batch, in the order of the log
@group(0) @binding(8) var<storage, read_write> history: array<vec4<u32>>;       // bits of the last 64 ticks, tick of bit 0, nothing

const NOTHING_PLANNED = 0x40000000u;  // ticks: looked at again by then

var<workgroup> active_count: u32;
var<workgroup> block_in_turn: u32;
var<workgroup> next_own: atomic<u32>;                 // ticks from now
var<workgroup> fired: array<atomic<u32>, BLOCK / 32>;  // a bit a neuron
var<workgroup> fired_count: u32;
var<workgroup> fired_at: u32;                         // position in the log

struct Sums {
  direct: i32,
  modulator: i32,
  electric: i32,
}

fn take_extra(kind: u32, neuron: u32) -> i32 {
  let at = network.extras_at + kind * network.capacity + neuron;
  let value = sums[at];
  if (value != 0) { sums[at] = 0; }
  return value;
}

fn remember_spike(neuron: u32) {
  let before = history[neuron];
  let bits = shift_left(before.xy, tick.now - before.z);
  history[neuron] = vec4<u32>(bits.x | 1u, bits.y, tick.now, 0u);
}

// Returns whether the neuron fires. `state`: as it stands in `neurons`; `type_index`: of its properties.
fn evaluate(neuron: u32, state: vec4<u32>, type_index: u32, sum: Sums, timers_due: bool) -> bool {
  let reached = sum.direct != 0 || sum.modulator != 0 || sum.electric > 0;
  if (!reached && !timers_due) { return false; }
  let p = properties_at(type_index);
  var n = unpack_neuron(state);
  let by_itself = has_own_spike(n, p) && n.own_spike == tick.now;
  var fires = false;
  if (reached || by_itself) {
    let ticks = tick.now - n.stamp;
    let blocked = u32(n.refractory_left) >= ticks;
    n = advance(n, p, ticks);
    n.stamp = tick.now;
    if (by_itself) {
      n = fire_by_itself(n, p);
      fires = true;
    } else {
      let noise = threshold_noise(vec2<u32>(network.seed_low, network.seed_high), network.threshold_noise, neuron,
                                  vec2<u32>(tick.now, tick.now_high));
      let received = receive(n, p, sum.direct, sum.modulator, sum.electric, blocked, noise);
      n = received.neuron;
      fires = received.fires;
    }
    if (fires) {
      n.own_spike = tick.now + own_interval(p, n.burst_left);
      if (PLASTIC) { remember_spike(neuron); }
    }
    neurons[neuron] = pack_neuron(n);
  }
  if ((timers_due || fires) && has_own_spike(n, p)) { atomicMin(&next_own, n.own_spike - tick.now); }
  return fires;
}

fn note_spike(neuron: u32, position: u32) {
  let jitter = departure_jitter(vec2<u32>(network.seed_low, network.seed_high), network.delay_jitter, neuron,
                                vec2<u32>(tick.now, tick.now_high));
  let index = position & network.log_mask;
  spikes[index] = neuron | (jitter << 24u);
  spikes[network.log_mask + 1u + index] = tick.now;
  fired_list[position - atomicLoad(&control[CONTROL_BATCH_HEAD])] = neuron;
}

fn evaluate_block(block: u32, thread: u32) {
  // All that may be needed is asked for at once: waiting for one after the other would take longer than reading too much.
  let pair = block * THREADS + thread;
  let flags = atomicLoad(&control[network.flags_at + block]);
  let block_own = atomicLoad(&control[network.next_own_at + block]);  // no neuron of the block fires by itself before this tick
  let type_word = types[network.types_at + pair];
  let states = array<vec4<u32>, 2>(neurons[2u * pair], neurons[2u * pair + 1u]);
  var direct = vec2<i32>(0, 0);
  if (PACKED) {
    let both = sums[pair];
    if (both != 0) { sums[pair] = 0; }
    direct.x = extractBits(both, 0u, 16u);
    direct.y = (both - direct.x) >> 16u;
  } else {
    direct = vec2<i32>(sums[2u * pair], sums[2u * pair + 1u]);
    if (direct.x != 0) { sums[2u * pair] = 0; }
    if (direct.y != 0) { sums[2u * pair + 1u] = 0; }
  }
  if (thread == 0u) { atomicStore(&next_own, NOTHING_PLANNED); }
  if (thread < BLOCK / 32u) { atomicStore(&fired[thread], 0u); }
  workgroupBarrier();
  let extras = (flags & EXTRAS) != 0u;
  let timers_due = i32(block_own - tick.now) <= 0;
  for (var i = 0u; i < 2u; i++) {
    let neuron = 2u * pair + i;
    var sum = Sums(direct[i], 0, 0);
    if (extras) {
      sum = Sums(direct[i] + take_extra(0u, neuron), take_extra(1u, neuron), take_extra(2u, neuron));
    }
    if (evaluate(neuron, states[i], extractBits(type_word, i * 16u, 16u), sum, timers_due)) {
      atomicOr(&fired[thread / 16u], 1u << ((2u * thread + i) & 31u));
    }
  }
  workgroupBarrier();
  if (thread == 0u) {
    var count = 0u;
    for (var i = 0u; i < BLOCK / 32u; i++) { count += countOneBits(atomicLoad(&fired[i])); }
    fired_count = count;
    if (flags != 0u) { atomicStore(&control[network.flags_at + block], 0u); }
    if (count > 0u) { fired_at = atomicAdd(&control[CONTROL_HEAD], count); }
    let planned = atomicLoad(&next_own);
    if (timers_due || i32(tick.now + planned - block_own) < 0) {
      atomicStore(&control[network.next_own_at + block], tick.now + planned);
    }
  }
  if (workgroupUniformLoad(&fired_count) > 0u) {
    let place = thread / 16u;
    let bits = atomicLoad(&fired[place]);
    let mine = (2u * thread) & 31u;
    if (((bits >> mine) & 3u) != 0u) {
      var position = fired_at + countOneBits(bits & ((1u << mine) - 1u));
      for (var i = 0u; i < place; i++) { position += countOneBits(atomicLoad(&fired[i])); }
      if (((bits >> mine) & 1u) != 0u) {
        note_spike(2u * pair, position);
        position++;
      }
      if (((bits >> mine) & 2u) != 0u) { note_spike(2u * pair + 1u, position); }
    }
  }
  workgroupBarrier();
}

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>,
        @builtin(num_workgroups) groups: vec3<u32>) {
  if (thread == 0u) { active_count = atomicLoad(&control[CONTROL_ACTIVE + tick.slot]); }
  let listed = workgroupUniformLoad(&active_count);
  let dense = (listed & DENSE) != 0u;
  let count = select(listed, network.blocks, dense);
  for (var i = group.x; i < count; i += groups.x) {
    var block = i;
    if (!dense) {
      if (thread == 0u) { block_in_turn = atomicLoad(&control[network.active_at + i]); }
      block = workgroupUniformLoad(&block_in_turn);
    }
    evaluate_block(block, thread);
  }
}
