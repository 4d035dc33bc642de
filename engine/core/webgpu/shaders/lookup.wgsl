// From a spike under way to the sublists it reaches. Needs: word(part, i), a word of the table; network; spikes, the log.

// The sublists of one row that a spike of a certain age reaches begin at directory word `at`; `left` entries are left from there.
struct Place {
  at: u32,
  left: u32,
}

// Most rows have all lengths of the network, so the rank of the age is tried first.
fn find_sublists(part: u32, row: vec2<u32>, age: u32) -> Place {
  let count = row.y & 0xffffffu;
  var low = 0u;
  var high = count;
  let guess = age - network.first_visit;
  if (guess < count && visit_of(word(part, row.x + 2u * guess)) == age) {
    high = guess;
    if (guess == 0u || visit_of(word(part, row.x + 2u * guess - 2u)) < age) { low = guess; }
  }
  while (low < high) {
    let middle = (low + high) / 2u;
    if (visit_of(word(part, row.x + 2u * middle)) < age) { low = middle + 1u; } else { high = middle; }
  }
  return Place(row.x + 2u * low, count - low);
}

struct Spike {
  source: u32,
  age: i32,  // ticks since it left its neuron; below 1: it has not left yet
}

// A spike of the log; `position` counts all spikes ever, modulo 2^32.
fn spike_at(position: u32, now: u32) -> Spike {
  let index = position & network.log_mask;
  let entry = spikes[index];
  if (entry == FORGOTTEN) { return Spike(0u, 0); }
  return Spike(entry & 0xffffffu, i32(now - spikes[network.log_mask + 1u + index]) - i32(entry >> 24u));
}
