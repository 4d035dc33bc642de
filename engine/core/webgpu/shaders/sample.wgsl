// State of the probed neurons at the end of a tick: one thread a probe.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read> neurons: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> types: array<u32>;
@group(0) @binding(4) var<storage, read> probes: array<u32>;
@group(0) @binding(5) var<storage, read_write> samples: array<vec4<u32>>;  // packed neurons true for the tick, tick after tick

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= tick.probes) { return; }
  let neuron = probes[id.x];
  let p = properties_of(neuron);
  var n = unpack_neuron(neurons[neuron]);
  n = advance(n, p, tick.now - n.stamp);
  n.stamp = tick.now;
  n.own_spike = select(0u, n.own_spike - tick.now, has_own_spike(n, p));
  samples[tick.slot * tick.probes + id.x] = pack_neuron(n);
}
