// Marks a block of neurons to be evaluated. Needs: control (atomics), network, tick.

const REACHED = 1u;  // its direct sums
const EXTRAS = 2u;   // its sums of direct stimuli, modulators or electric synapses

fn mark(block: u32, what: u32) {
  let flags = network.flags_at + block;
  if ((atomicLoad(&control[flags]) & what) != 0u) { return; }
  if (atomicOr(&control[flags], what) == 0u) {
    let place = atomicAdd(&control[CONTROL_ACTIVE + tick.slot], 1u);
    atomicStore(&control[network.active_at + (place & ~DENSE)], block);
  }
}
