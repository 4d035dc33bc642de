// An edit of a row forgets those spikes of its source that are older than `limit` ticks: its synapses had no use for them any more.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read_write> spikes: array<u32>;
@group(0) @binding(3) var<storage, read> control: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let begin = control[CONTROL_RING + ((tick.now - tick.b) & network.ring_mask)];  // b: age of the oldest tick in the log
  let length = control[CONTROL_HEAD] - begin;
  for (var i = id.x; i < length; i += groups.x * 64u) {
    let index = (begin + i) & network.log_mask;
    let entry = spikes[index];
    if (entry == FORGOTTEN || (entry & 0xffffffu) != tick.neuron) { continue; }
    let age = i32(tick.now - spikes[network.log_mask + 1u + index]) - i32(entry >> 24u);
    if (age > i32(tick.a)) { spikes[index] = FORGOTTEN; }  // a: limit, below every age: forget all
  }
}
