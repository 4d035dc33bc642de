// How the synapse table lies in memory; synapse_table.cpp writes it. A part of it is one buffer:
//
//   words 0..15 : number of the part, then nothing; 16.. : tasks of the learning kernels, one counter for each tick of a batch
//   row         : its directory (2 words a sublist, by rising visit), then its sublists
//   directory   : visit (bits 0-15) | synapses (16-27) | type (28-29) | plastic (30);  first word of the sublist, from the row's start
//   sublist     : static: a word a synapse, weight << 24 | target
//                 plastic: synapses, rates (as in the graph), tick the short-term parts have faded to, claims of this tick;
//                          a word a synapse; long-term part << 16 | short-term part for each
//
// `rows` says for each neuron: first word of its row, sublists | part << 24.

const PLASTIC_PREFIX = 4u;
const PREFIX_SYNAPSES = 0u;
const PREFIX_RATES = 1u;
const PREFIX_STAMP = 2u;
const PREFIX_CLAIMS = 3u;

fn visit_of(entry: u32) -> u32 { return entry & 0xffffu; }
fn synapses_of(entry: u32) -> u32 { return (entry >> 16u) & 0xfffu; }
fn type_of_sublist(entry: u32) -> u32 { return (entry >> 28u) & 3u; }
fn is_plastic(entry: u32) -> bool { return (entry & 0x40000000u) != 0u; }
fn target_of(synapse: u32) -> u32 { return synapse & 0xffffffu; }
fn weight_of(synapse: u32) -> i32 { return i32(synapse) >> 24u; }
fn fade_of(rates: u32, stamp: u32, now: u32) -> i32 { return i32((rates >> 16u) & 0xffu) * drift_ticks(now - stamp); }
