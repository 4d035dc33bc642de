// Adds the stimuli of a tick from outside to the sums of their neurons: one thread a stimulus.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read> stimuli: array<vec2<u32>>;             // neuron | kind << 24, value: written by the host
@group(0) @binding(3) var<storage, read_write> control: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> sums: array<atomic<i32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= tick.stimuli) { return; }
  let stimulus = stimuli[tick.first_stimulus + id.x];
  let neuron = stimulus.x & 0xffffffu;
  atomicAdd(&sums[network.extras_at + (stimulus.x >> 24u) * network.capacity + neuron], i32(stimulus.y));
  mark(neuron / BLOCK, EXTRAS);
}
