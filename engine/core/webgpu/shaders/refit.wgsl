// One neuron's properties change: its state is brought to the end of the tick before `now` by the old ones, and fitted to the new.

@group(0) @binding(0) var<uniform> network: Network;
@group(0) @binding(1) var<uniform> tick: TickUniform;
@group(0) @binding(2) var<storage, read_write> neurons: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read_write> types: array<u32>;

@compute @workgroup_size(1)
fn main() {
  let old = properties_at(tick.a);
  let new_properties = properties_at(tick.b);
  var n = unpack_neuron(neurons[tick.neuron]);
  n = advance(n, old, tick.now - 1u - n.stamp);
  n.stamp = tick.now - 1u;
  let had_train = n.burst_left > 0;
  n = fit(n, new_properties);
  let has_train = n.burst_left > 0;
  if (select(old.auto_firing_rate != new_properties.auto_firing_rate, !has_train, had_train)) {
    n.own_spike = tick.now + restarted_interval(n, new_properties);
  }
  neurons[tick.neuron] = pack_neuron(n);
  let at = network.types_at + tick.neuron / 2u;
  types[at] = insertBits(types[at], tick.b, (tick.neuron & 1u) * 16u, 16u);
}
