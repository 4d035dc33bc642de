// A program with a nervous system: see docs/embedding.md.
#include <cstdio>

#include "flux.h"

int main(int, char** arguments) {
  auto opened = flux::Network::open(arguments[1]);  // examples/reflex_arc.json
  if (!opened) return std::fprintf(stderr, "%s\n", opened.error().message().c_str()), 1;
  flux::Network net = std::move(opened).value();

  const flux::NeuronIndex skin = *net.find("touch"), flexor = *net.find("flex");  // aliases; a path such as "skin" does as well
  net.on_fire([&](flux::Tick tick, std::span<const flux::NeuronIndex> neurons) {
    for (const flux::NeuronIndex neuron : neurons) {
      if (neuron == flexor) std::printf("flexor fired at %lld ms\n", static_cast<long long>(tick));
    }
  });

  net.step(100);  // nothing happens: the stove is cold
  if (!net.summation(skin, 120).ok()) return 1;
  net.step(100);

  // A drug that makes the flexor twice as sensitive, given while the network runs.
  flux::NeuronProperties properties = net.properties(flexor);
  properties.threshold = properties.min_threshold = 20;
  if (!net.update_neuron(flexor, properties).ok()) return 1;

  const flux::NeuronState state = net.state(flexor);
  std::printf("flexor: level %d/16, threshold %d/256, %zu synapses onto it\n", state.level, state.threshold, net.afferents(flexor).size());
  std::printf("%llu neurons, %llu synapses, %lld ms\n", static_cast<unsigned long long>(net.counts().neurons),
              static_cast<unsigned long long>(net.counts().synapses), static_cast<long long>(net.now()));
}
