// Every spike that is under way and of the right age reaches one or more sublists of its row: their weights are added to the sums of their
// targets. Delivery happens in the tick of arrival, so the sums of one tick are all there is: they stay in the cache.
//
// The spikes of the last ticks lie side by side in the log. Each workgroup takes its share of them, looks up PIECE sublists at a time,
// and deals their synapses out to its threads evenly, however long the sublists are: neighbouring threads read neighbouring words.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read> table_0: array<u32>;                   // PARTS successive parts of the synapse table; where there
@group(0) @binding(3) var<storage, read> table_1: array<u32>;                   // are fewer, the last stands for those that are not
@group(0) @binding(4) var<storage, read> table_2: array<u32>;
@group(0) @binding(5) var<storage, read> table_3: array<u32>;
@group(0) @binding(6) var<storage, read> rows: array<vec2<u32>>;
@group(0) @binding(7) var<storage, read> spikes: array<u32>;                    // the log: sources, then ticks
@group(0) @binding(8) var<storage, read_write> control: array<atomic<u32>>;
@group(0) @binding(9) var<storage, read_write> sums: array<atomic<i32>>;

// `part`: counted from the first of these.
fn word(part: u32, i: u32) -> u32 {
  switch (part) {
    case 0u: { return table_0[i]; }
    case 1u: { return table_1[i]; }
    case 2u: { return table_2[i]; }
    default: { return table_3[i]; }
  }
}

var<workgroup> head: u32;                    // of the log
var<workgroup> run_begin: array<u32, RUNS>;  // positions in the log
var<workgroup> run_length: array<u32, RUNS>;
var<workgroup> visits: u32;                  // spikes in all runs

// Of the sublists looked up:
var<workgroup> counts: array<u32, PIECE>;    // their synapses
var<workgroup> partial_sums: array<u32, PIECE>;
var<workgroup> ends: array<u32, PIECE>;      // running sum of their synapses
var<workgroup> firsts: array<u32, PIECE>;    // table word of the first synapse
var<workgroup> kinds: array<u32, PIECE>;     // type | plastic << 2 | part << 3 | ticks of fading times rate << 5

fn add_direct(neuron: u32, weight: i32, dense: bool) {
  if (PACKED) {
    atomicAdd(&sums[neuron >> 1u], weight << ((neuron & 1u) * 16u));
  } else {
    atomicAdd(&sums[neuron], weight);
  }
  if (!dense) { mark(neuron / BLOCK, REACHED); }
}

fn deliver_synapse(event: u32, dense: bool) {
  var low = 0u;  // the sublist that has this event: the first that ends behind it
  for (var step = PIECE / 2u; step > 0u; step /= 2u) {
    if (ends[low + step - 1u] <= event) { low += step; }
  }
  let begin = select(0u, ends[max(low, 1u) - 1u], low > 0u);
  let at = firsts[low] + event - begin;
  let kind = kinds[low];
  let part = (kind >> 3u) & 3u;
  let synapse = word(part, at);
  var weight = weight_of(synapse);
  if (PLASTIC && (kind & 4u) != 0u) {
    let learned = unpack_learned(word(part, at + ends[low] - begin));
    weight = effective_weight(weight, decay(learned.short_term, i32(kind >> 5u)), learned.long_term);
  }
  let neuron = target_of(synapse);
  if (ONLY_DIRECT || (kind & 3u) == 0u) {
    add_direct(neuron, weight, dense);
  } else {
    atomicAdd(&sums[network.extras_at + (kind & 3u) * network.capacity + neuron], weight);
    mark(neuron / BLOCK, EXTRAS);
  }
}

// Positions of the runs of the log that may have something to deliver. Returns how many spikes that is.
fn find_runs(thread: u32) -> u32 {
  if (thread == 0u) { head = atomicLoad(&control[CONTROL_HEAD]); }
  if (thread < network.runs) {
    let ages = network.run_ages[thread];
    let begin = atomicLoad(&control[CONTROL_RING + ((tick.now - ages.y) & network.ring_mask)]);
    var end = 0u;
    if (ages.x == 1u) { end = atomicLoad(&control[CONTROL_HEAD]); }  // the ring has it only when this tick has begun
    if (ages.x > 1u) { end = atomicLoad(&control[CONTROL_RING + ((tick.now - ages.x + 1u) & network.ring_mask)]); }
    run_begin[thread] = begin;
    run_length[thread] = end - begin;
  }
  workgroupBarrier();
  if (thread == 0u) {
    visits = 0u;
    for (var run = 0u; run < network.runs; run++) { visits += run_length[run]; }
  }
  return workgroupUniformLoad(&visits);
}

// Position in the log of the spike `visit`, counted over all runs.
fn position_of(visit: u32) -> u32 {
  var left = visit;
  var run = 0u;
  while (left >= run_length[run]) {
    left -= run_length[run];
    run++;
  }
  return run_begin[run] + left;
}

// Fills `ends` from `counts`; returns the sum of all.
fn sum_counts(thread: u32) -> u32 {
  const STRIDE = 8u;
  workgroupBarrier();
  var sum = 0u;
  if (thread < PIECE) {
    for (var i = thread / STRIDE * STRIDE; i <= thread; i++) { sum += counts[i]; }
    partial_sums[thread] = sum;
  }
  workgroupBarrier();
  if (thread < PIECE) {
    for (var i = STRIDE - 1u; i < thread / STRIDE * STRIDE; i += STRIDE) { sum += partial_sums[i]; }
    ends[thread] = sum;
  }
  return workgroupUniformLoad(&ends[PIECE - 1u]);
}

// Notes where the spikes of this tick begin, and how they are to be evaluated.
fn begin_tick(dense: bool) {
  atomicStore(&control[CONTROL_RING + (tick.now & network.ring_mask)], head);
  atomicStore(&control[CONTROL_TICK_HEAD + tick.slot], head);
  if (tick.slot == 0u) { atomicStore(&control[CONTROL_BATCH_HEAD], head); }
  if (dense) { atomicOr(&control[CONTROL_ACTIVE + tick.slot], DENSE); }
}

fn mark_due_blocks(first: u32, step: u32) {
  for (var block = first; block < network.blocks; block += step) {
    if (i32(atomicLoad(&control[network.next_own_at + block]) - tick.now) <= 0) { mark(block, REACHED); }
  }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>,
        @builtin(num_workgroups) groups: vec3<u32>) {
  let under_way = find_runs(thread);
  // Many events: all blocks will be evaluated, and marking them would only cost.
  let dense = under_way > network.dense_visits;
  let first_part = table_0[0];
  if (first_part == 0u) {
    if (group.x == 0u && thread == 0u) { begin_tick(dense); }
    if (!dense) { mark_due_blocks(group.x * THREADS + thread, groups.x * THREADS); }
  }
  let share = (under_way + groups.x - 1u) / groups.x;
  let share_end = min(share * (group.x + 1u), under_way);
  for (var at = share * group.x; at < share_end; at += PIECE) {
    var place = Place(0u, 0u);  // of the sublists that this thread looks up
    var row = vec2<u32>(0u, 0u);
    var part = 0u;
    var age = 0u;
    if (thread < min(PIECE, share_end - at)) {
      let spike = spike_at(position_of(at + thread), tick.now);
      if (spike.age > 0) {
        row = rows[spike.source];
        age = u32(spike.age);
        part = (row.y >> 24u) - first_part;  // wraps far above PARTS for parts before
        if (part < PARTS) { place = find_sublists(part, row, age); }
      }
    }
    while (true) {  // most spikes reach one sublist in a tick
      if (thread < PIECE) { counts[thread] = 0u; }
      if (place.left > 0u) {
        let entry = word(part, place.at);
        if (visit_of(entry) == age) {
          var first = row.x + word(part, place.at + 1u);
          var kind = type_of_sublist(entry) | (part << 3u);
          if (PLASTIC && is_plastic(entry)) {
            kind |= 4u | (u32(fade_of(word(part, first + PREFIX_RATES), word(part, first + PREFIX_STAMP), tick.now)) << 5u);
            first += PLASTIC_PREFIX;
          }
          counts[thread] = synapses_of(entry);
          firsts[thread] = first;
          kinds[thread] = kind;
          place = Place(place.at + 2u, place.left - 1u);
        } else {
          place.left = 0u;
        }
      }
      let events = sum_counts(thread);
      if (events == 0u) { break; }
      for (var event = thread; event < events; event += THREADS) { deliver_synapse(event, dense); }
      workgroupBarrier();
    }
  }
}
