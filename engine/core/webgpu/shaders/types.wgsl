// Needs: types, four words a type.

fn properties_at(index: u32) -> Properties {
  let at = 4u * index;
  return unpack_properties(vec4<u32>(types[at], types[at + 1u], types[at + 2u], types[at + 3u]));
}

fn properties_of(neuron: u32) -> Properties {
  return properties_at(extractBits(types[network.types_at + neuron / 2u], (neuron & 1u) * 16u, 16u));
}
