// The state of neurons, by entry: flat number minus the first flat number of the circuit. simulation.wgsl has the same four functions over the
// buffers of a simulation.

@group(0) @binding(2) var<storage, read> levels: array<u32>;        // two of 16 bits in a word, signed, 1/16 level
@group(0) @binding(3) var<storage, read> thresholds: array<u32>;    // two of 16 bits in a word, 1/16 level
@group(0) @binding(4) var<storage, read> modulations: array<u32>;   // two of 16 bits in a word, signed
@group(0) @binding(5) var<storage, read> spikeTimes: array<f32>;    // display time, milliseconds

fn shiftOf(neuron: u32) -> u32 { return (neuron & 1) * 16; }
fn levelOf(neuron: u32) -> f32 { return f32(extractBits(i32(levels[neuron >> 1]), shiftOf(neuron), 16)); }
fn thresholdOf(neuron: u32) -> f32 { return f32(extractBits(thresholds[neuron >> 1], shiftOf(neuron), 16)); }
fn modulationLevelOf(neuron: u32) -> f32 { return f32(extractBits(i32(modulations[neuron >> 1]), shiftOf(neuron), 16)); }
fn millisecondsSinceSpike(neuron: u32) -> f32 { return draw.now - spikeTimes[neuron]; }
