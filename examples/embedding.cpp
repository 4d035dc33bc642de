// A program with a nervous system: see docs/embedding.md.
#include <cstdio>

#include "flux.h"

int main(int, char** arguments) {
  auto opened = flux::Network::open(arguments[1]);  // examples/reflex_arc.json
  if (!opened) return std::fprintf(stderr, "%s\n", opened.error().message().c_str()), 1;
  flux::Network net = std::move(opened).value();

  // Neurons by alias; a path such as "skin" does as well.
  const flux::NeuronIndex skin = *net.find("touch"), flexor = *net.find("flex");
  net.on_fire([&](flux::Tick tick, std::span<const flux::NeuronIndex> neurons) {
    for (const flux::NeuronIndex neuron : neurons) {
      if (neuron == flexor) std::printf("flexor fired at %lld ms\n", static_cast<long long>(tick));
    }
  });

  net.step(100);  // nothing happens: the stove is cold
  if (!net.summation(skin, 45)) return 1;
  net.step(100);

  // An edit between two ticks: a shortcut from the skin to the flexor, 3 ms long.
  if (!net.add_synapse(skin, flexor, {.weight = 60, .length = 3})) return 1;
  if (!net.summation(skin, 45)) return 1;
  net.step(22);

  const flux::NeuronState state = net.state(flexor);
  std::printf("flexor at %lld ms: level %d/16, deaf for %d ms more\n", static_cast<long long>(net.now()), state.level,
              state.refractory_left);
  for (const flux::SynapseView& synapse : net.afferents(flexor)) {
    std::printf("from %s: weight %d, %d ms\n", net.path(synapse.source).c_str(), synapse.effective_weight, synapse.properties.length);
  }
}
