// Brings all neurons to the end of the tick before `now`, so that the host can read them as they are: one thread a neuron.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read_write> neurons: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> types: array<u32>;
@group(0) @binding(4) var<storage, read_write> history: array<vec4<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let last = tick.now - 1u;
  for (var neuron = id.x; neuron < network.neurons; neuron += groups.x * 64u) {
    let p = properties_of(neuron);
    var n = unpack_neuron(neurons[neuron]);
    n = advance(n, p, last - n.stamp);
    n.stamp = last;
    neurons[neuron] = pack_neuron(n);
    if (PLASTIC) {
      let before = history[neuron];
      history[neuron] = vec4<u32>(shift_left(before.xy, last - before.z), last, 0u);
    }
  }
}
