// The state of neurons as a simulation on the same device has it, in the place of state.wgsl. The engine's functions, which go before this,
// know how neurons and their types are packed; a neuron is true for its own tick, and here for the last one.

struct Simulation {
  base: u32,      // flat number of entry 0
  types_at: u32,  // word in `types`
  last: u32,      // tick, modulo 2^32
}

@group(0) @binding(2) var<storage, read> neurons: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> types: array<u32>;
@group(0) @binding(4) var<storage, read> network: Simulation;
@group(0) @binding(5) var<storage, read> spikeTimes: array<f32>;    // display time, milliseconds

fn neuronNow(entry: u32) -> Neuron {
  let neuron = network.base + entry;
  let state = unpack_neuron(neurons[neuron]);
  // A batch of ticks that is under way may have carried it past the last one that is told of.
  return advance(state, properties_of(neuron), u32(max(0, i32(network.last - state.stamp))));
}
fn levelOf(entry: u32) -> f32 { return f32(neuronNow(entry).level); }
fn thresholdOf(entry: u32) -> f32 {
  let state = neuronNow(entry);
  return f32(effective_threshold(state.threshold, state.modulation, properties_of(network.base + entry)));
}
fn modulationLevelOf(entry: u32) -> f32 { return f32(neuronNow(entry).modulation); }
fn millisecondsSinceSpike(entry: u32) -> f32 { return draw.now - spikeTimes[entry]; }
