// The document of an editor on its way to a file.
#include <algorithm>
#include <map>
#include <tuple>

#include "circuit/flatten.h"
#include "edit/fragment.h"
#include "editor_impl.h"
#include "editor_placing.h"
#include "file/circuit_text.h"
#include "file/flx.h"
#include "file/saved_file.h"
#include "transplant.h"

namespace flux {
namespace {

// What tells a plastic synapse from others; those alike are interchangeable.
using SynapseKey = std::tuple<NeuronIndex, NeuronIndex, SynapseProperties>;

// A plastic synapse written in the tree, and its circuit.
struct WrittenSynapse {
  std::string in;
  std::size_t place;
  std::int16_t began_with;
};

}  // namespace

Circuit Editor::document(std::uint64_t* left_out) {
  impl_->follow();
  std::uint64_t unwritten = 0;
  if (left_out != nullptr) *left_out = 0;
  Circuit learned = impl_->document.circuit();
  Network::Impl& running = impl_->running();
  if (running.graph->plastic_count() == 0) return learned;

  std::map<SynapseKey, std::vector<WrittenSynapse>> written;
  EditableCircuit copy(std::move(learned));
  Circuit& root = const_cast<Circuit&>(copy.circuit());
  std::vector<std::pair<std::string, Circuit*>> bodies;
  for_each_body(root, [&](const std::string& in, Circuit& body) {
    const auto is_plastic = [](const SynapseNode& synapse) { return synapse.properties.plastic(); };
    if (std::any_of(body.synapses.begin(), body.synapses.end(), is_plastic)) bodies.emplace_back(in, &body);
  });
  for (const auto& [in, body] : bodies) {
    const std::vector<std::string> places = places_in_tree(copy, in);
    if (places.size() != 1) continue;  // what its copies have learned differs
    const std::vector<NeuronIndex> first = first_neurons(*body);
    for (std::size_t i = 0; i < body->synapses.size(); ++i) {
      const SynapseNode& synapse = body->synapses[i];
      if (!synapse.properties.plastic()) continue;
      const auto source = running.names.find(places.front() + end_path(*body, first, synapse.source));
      const auto target = running.names.find(places.front() + end_path(*body, first, synapse.target));
      if (source && target) written[{*source, *target, synapse.properties}].push_back({in, i, synapse.long_term});
    }
  }
  // Alike ones stand in the row by their long-term part at the start: so must these.
  for (auto& [key, alike] : written) {
    std::stable_sort(alike.begin(), alike.end(), [](const auto& a, const auto& b) { return a.began_with > b.began_with; });
  }
  const NetworkState state = running.loop->state();
  auto next = state.learned.begin();
  for (NeuronIndex source = 0; source < running.graph->neuron_count(); ++source) {
    for (const RowSynapse& synapse : running.graph->row(source)) {
      if (!synapse.properties.plastic()) continue;
      const LearnedWeight weight = *next++;
      const auto found = written.find({source, synapse.target, synapse.properties});
      if (found == written.end() || found->second.empty()) {
        unwritten += weight.long_term != 0 ? 1 : 0;
        continue;
      }
      const WrittenSynapse& place = found->second.back();
      copy.body(place.in).value()->synapses[place.place].long_term = weight.long_term;
      found->second.pop_back();
    }
  }
  if (left_out != nullptr) *left_out = unwritten;
  return root;
}

std::string Editor::text() { return write_circuit_text(document()); }

Result<std::string> Editor::flx() {
  const Circuit circuit = document();
  auto planned = impl_->plan_transplant({});
  if (!planned) return planned.error();
  Network::Impl& running = impl_->running();
  const auto graph = std::make_shared<Graph>(planned.value().graph->clone());
  const std::unique_ptr<Core> core = make_cpu_core(graph);
  NetworkState initial;
  while (!core->take_state(initial)) continue;
  std::vector<LostWeight> lost;
  const NetworkState now = running.loop->state();
  NetworkState state = transplanted(planned.value(), *running.graph, running.names, now, *graph, std::move(initial), lost);
  state.spike_count = now.spike_count;
  state.spike_hash = now.spike_hash;
  return flx_bytes(circuit, nullptr, &state);
}

Status Editor::save(const std::string& path) {
  if (!path.ends_with(".flx")) return write_text(path, document());
  const auto bytes = flx();
  return bytes ? save_file(path, bytes.value()) : bytes.error();
}

Result<std::string> Editor::copy(const std::string& in, std::span<const std::string> ids) {
  impl_->follow();
  auto fragment = copied(impl_->document, in, ids);
  return fragment ? Result<std::string>(write_circuit_text(fragment.value())) : fragment.error();
}

}  // namespace flux
