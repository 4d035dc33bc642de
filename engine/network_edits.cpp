// Edits of a running network.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "network_circuit.h"
#include "network_impl.h"
#include "transplant.h"

namespace flux {

namespace {

Error no_such_synapse(const SynapseRef& ref) {
  return Error{
      fmt::format("there is no such synapse from neuron {} to neuron {} (number {} of its type)", ref.source, ref.target, ref.ordinal), "",
      "list the source's efferents"};
}

}  // namespace

Status Network::Impl::check_neuron(NeuronIndex neuron) const {
  if (graph->exists(neuron)) return {};
  return Error{fmt::format("there is no neuron {}", neuron), "",
               fmt::format("use an index below {} that was not removed", graph->neuron_count())};
}

std::size_t EditedRow::find(const SynapseRef& ref) const {
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    if (synapses[i].target != ref.target || synapses[i].properties.type != ref.type) continue;
    if (seen++ == ref.ordinal) return i;
  }
  return synapses.size();
}

EditedRow read_row(Core& core, NeuronIndex source) {
  EditedRow row;
  std::vector<LearnedWeight> learned;
  while (!core.take_learned(source, learned)) continue;
  auto next = learned.begin();
  for (const RowSynapse& synapse : core.graph().row(source)) {
    const LearnedWeight weight = synapse.properties.plastic() ? *next++ : LearnedWeight{0, 0};
    row.add({synapse.target, synapse.properties, weight.long_term}, weight);
  }
  return row;
}

Result<NeuronIndex> Network::Impl::put(const Input& input) {
  auto result = std::visit([this](const auto& some) { return apply(some); }, input);
  if (!result.ok()) return result;
  if (is_edit(input)) ++edits;
  if (history && !replaying) history->append(loop->now(), input);
  if (is_edit(input) && !replaying && graph->is_plain() && graph->is_wasteful()) (void)put(input::Compact{});
  return result;
}

Result<NeuronIndex> Network::Impl::apply(const input::Stimulate& input) {
  if (Status status = check_neuron(input.neuron); !status) return status.error();
  loop->stimulate(input.neuron, input.kind, input.value);
  return input.neuron;
}

Result<NeuronIndex> Network::Impl::apply(const input::AddNeuron& input) {
  const NeuronNode& node = input.node;
  if (Status status = check_properties(node.properties); !status) return Error{status.error().what, node.id, status.error().fix};
  const std::uint64_t room = graph->most_neurons();
  if (graph->neuron_count() + std::uint64_t{node.size()} > room) {
    return Error{fmt::format("no room for more than {} neurons in this network while it runs", room), "", "save it and open it again"};
  }
  if (!names.add(node)) return Error{"this name is taken or not allowed", node.id, "choose another"};
  const NeuronIndex first = graph->neuron_count();
  for (std::uint32_t k = 0; k < node.size(); ++k) {
    auto neuron = core().add_neuron(node.properties);
    if (neuron) continue;
    for (std::uint32_t i = 0; i < k; ++i) core().remove_neuron(first + i);
    names.remove_node(node.id);
    return neuron;
  }
  added.push_back(node);
  return first;
}

Result<NeuronIndex> Network::Impl::apply(const input::UpdateNeuron& input) {
  if (Status status = check_neuron(input.neuron); !status) return status.error();
  Status status = check_properties(input.properties);
  if (!status) return Error{status.error().what, names.path(input.neuron), status.error().fix};
  status = core().set_properties(input.neuron, input.properties);
  if (!status) return status.error();
  return input.neuron;
}

template <class Edit>
Result<NeuronIndex> Network::Impl::edit_row(NeuronIndex source, Edit edit) {
  EditedRow row = read_row(core(), source);
  if (Status status = edit(row); !status) return status.error();
  if (Status status = core().replace_row(source, row.synapses, row.learned); !status) return status.error();
  return source;
}

Result<NeuronIndex> Network::Impl::apply(const input::RemoveNeuron& input) {
  const NeuronIndex neuron = input.neuron;
  if (Status status = check_neuron(neuron); !status) return status.error();
  if (Status status = core().replace_row(neuron, {}, {}); !status) return status.error();
  for (NeuronIndex source : sources_of(*graph, neuron)) {
    const auto edited = edit_row(source, [=](EditedRow& row) {
      for (std::size_t i = row.synapses.size(); i-- > 0;) {
        if (row.synapses[i].target == neuron) row.erase(i);
      }
      return Status();
    });
    if (!edited) return edited;
  }
  core().remove_neuron(neuron);
  names.remove(neuron);
  return neuron;
}

Result<NeuronIndex> Network::Impl::apply(const input::AddSynapse& input) {
  for (NeuronIndex neuron : {input.source, input.target}) {
    if (Status status = check_neuron(neuron); !status) return status.error();
  }
  if (Status status = check_properties(input.properties); !status) return status.error();
  return edit_row(input.source, [&](EditedRow& row) {
    row.add({input.target, input.properties, 0}, {0, 0});
    return Status();
  });
}

Result<NeuronIndex> Network::Impl::apply(const input::UpdateSynapse& input) {
  if (Status status = check_neuron(input.synapse.source); !status) return status.error();
  if (Status status = check_properties(input.properties); !status) return status.error();
  return edit_row(input.synapse.source, [&](EditedRow& row) -> Status {
    const std::size_t place = row.find(input.synapse);
    if (place == row.synapses.size()) return no_such_synapse(input.synapse);
    row.synapses[place].properties = input.properties;
    if (!input.properties.plastic()) row.learned[place] = {0, 0};
    return {};
  });
}

Result<NeuronIndex> Network::Impl::apply(const input::RemoveSynapse& input) {
  if (Status status = check_neuron(input.synapse.source); !status) return status.error();
  return edit_row(input.synapse.source, [&](EditedRow& row) -> Status {
    const std::size_t place = row.find(input.synapse);
    if (place == row.synapses.size()) return no_such_synapse(input.synapse);
    row.erase(place);
    return {};
  });
}

Result<NeuronIndex> Network::Impl::apply(const input::DropNode& input) {
  const auto run = names.find_node(input.path);
  if (!run) return Error{"there is no such node", input.path, "name one by its path"};
  for (NeuronIndex n = run->first; n < run->first + run->size(); ++n) {
    assert(graph->row_of(n) == FLUX_NO_ROW);
    core().remove_neuron(n);
  }
  names.remove_node(input.path);
  return run->first;
}

// Where a core cannot, as where a GPU replays what a processor did, the whole state is taken out and put in again.
Status Network::Impl::move_neuron(NeuronIndex from, NeuronIndex to, std::span<const SynapseSpec> synapses,
                                  std::span<const LearnedWeight> learned) {
  loop->move_neuron(from, to);
  if (core().can_move()) return core().move_neuron(from, to, synapses, learned);
  const NetworkState before = loop->state();
  if (Status status = core().replace_row(to, synapses, learned); !status) return status;
  if (Status status = core().replace_row(from, {}, {}); !status) return status;
  NetworkState after = loop->state();
  const auto carry = [&](auto NetworkState::*column) { (after.*column)[to] = (before.*column)[from]; };
  carry(&NetworkState::level);
  carry(&NetworkState::threshold);
  carry(&NetworkState::modulation);
  carry(&NetworkState::refractory_left);
  carry(&NetworkState::burst_left);
  carry(&NetworkState::own_spike_in);
  if (graph->plastic_count() > 0) carry(&NetworkState::history);
  for (const Departure& departure : before.departures) {
    const bool is_due =
        departure.source == from && !synapses.empty() && departure.tick + static_cast<Tick>(graph->horizon(to)) >= after.now;
    if (is_due) after.departures.push_back({departure.tick, to});
  }
  std::sort(after.departures.begin(), after.departures.end());
  return core().load_state(after);
}

Result<NeuronIndex> Network::Impl::apply(const input::ReplaceRow& input) {
  const EditedRow old = read_row(core(), input.goes_on_for);
  std::vector<SynapseSpec> known = old.synapses;
  for (SynapseSpec& synapse : known) {
    const auto moved = input.moved ? input.moved->find(synapse.target) : input::MovedNeurons::const_iterator();
    if (input.moved && moved != input.moved->end()) synapse.target = moved->second;
  }
  const std::vector<std::size_t> matches = match_rows(known, input.synapses);
  std::vector<LearnedWeight> learned(input.synapses.size(), LearnedWeight{0, 0});
  input::RevivedWeights revived = input.revived;
  std::vector<bool> goes_on(old.synapses.size(), false);
  for (std::size_t i = 0; i < input.synapses.size(); ++i) {
    const SynapseSpec& synapse = input.synapses[i];
    if (!synapse.properties.plastic()) continue;
    if (matches[i] < old.synapses.size() && old.synapses[matches[i]].properties.plastic()) {
      learned[i] = old.learned[matches[i]];
      goes_on[matches[i]] = true;
    } else {
      learned[i] = revived.take(synapse.target, synapse.properties).value_or(LearnedWeight{0, synapse.long_term});
    }
  }
  const Status status = input.goes_on_for != input.source ? move_neuron(input.goes_on_for, input.source, input.synapses, learned)
                                                          : core().replace_row(input.source, input.synapses, learned);
  if (!status) return status.error();
  for (std::size_t i = 0; i < old.synapses.size(); ++i) {
    if (goes_on[i] || old.learned[i] == LearnedWeight{0, 0}) continue;
    lost.push_back({names.path(input.source), names.path(old.synapses[i].target), old.synapses[i].properties, old.learned[i]});
  }
  return input.source;
}

Result<NeuronIndex> Network::Impl::apply(const input::RenameNode& input) {
  const auto run = names.find_node(input.path);
  if (!run || !names.rename(input.path, input.node))
    return Error{"there is no such node, or the new name is taken", input.path, "choose another"};
  return run->first;
}

Result<NeuronIndex> Network::Impl::apply(const input::ResizeNode& input) {
  const auto run = names.find_node(input.path);
  if (!run) return Error{"there is no such node", input.path, "name one by its path"};
  NeuronNode node;
  node.id = input.path;
  node.count = input.count;
  if (Status status = check_properties(input.properties); !status) return Error{status.error().what, node.id, status.error().fix};
  const NeuronIndex first = graph->neuron_count();
  for (std::uint32_t k = 0; input.moves && k < node.size(); ++k) {
    const auto neuron = core().add_neuron(k < run->size() ? graph->properties(run->first + k) : input.properties);
    if (neuron) continue;
    for (std::uint32_t i = 0; i < k; ++i) core().remove_neuron(first + i);
    return neuron;
  }
  const bool resized = names.resize(input.path, input.count, input.moves);
  assert(resized);  // a node that grows has its neurons move
  (void)resized;
  if (!input.moves) return run->first;
  node.properties = input.properties;
  added.push_back(std::move(node));
  ++layout;
  return first;
}

Result<NeuronIndex> Network::Impl::apply(const input::DropRun& input) {
  for (NeuronIndex n = input.first; n < input.first + input.count; ++n) {
    assert(graph->row_of(n) == FLUX_NO_ROW);
    core().remove_neuron(n);
  }
  names.remove_run(input.first, input.count);
  return input.first;
}

Result<NeuronIndex> Network::Impl::apply(const input::Compact&) {
  auto compacted = graph->compacted();
  if (!compacted) return compacted.error();
  const NetworkState state = loop->state();
  const std::shared_ptr<Graph> now = std::exchange(graph, std::make_shared<Graph>(std::move(compacted).value()));
  if (Status status = go_on_with(make_core(), state); !status) {
    graph = now;
    return status.error();
  }
  compiled = false;
  return NeuronIndex{0};
}

Result<NeuronIndex> Network::Impl::apply(const input::Transplant& input) {
  auto next = std::make_shared<Graph>(input.graph->clone());
  const std::shared_ptr<Graph> now = std::exchange(graph, next);
  std::unique_ptr<Core> next_core = make_core();
  NetworkState initial;
  while (!next_core->take_state(initial)) continue;
  const NetworkState state = transplanted(input, *now, names, loop->state(), *next, std::move(initial), lost);
  if (Status status = next_core->load_state(state); !status) {
    graph = now;
    return status.error();
  }
  loop->exchange_core(std::move(next_core), new_indices(input));
  names = *input.names;
  placed.reset();
  added.clear();
  compiled = false;
  ++layout;
  return NeuronIndex{0};
}

std::vector<std::size_t> match_rows(std::span<const SynapseSpec> old, std::span<const SynapseSpec> now) {
  std::vector<std::size_t> matches(now.size(), old.size());
  // Both in one order: by target and type, then by properties. Row order decides among equals.
  const auto order_of = [](std::span<const SynapseSpec> row) {
    std::vector<std::size_t> order(row.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(row[a].target, row[a].properties.type, row[a].properties) <
             std::tie(row[b].target, row[b].properties.type, row[b].properties);
    });
    return order;
  };
  const std::vector<std::size_t> old_order = order_of(old), new_order = order_of(now);
  const auto key = [](const SynapseSpec& synapse) { return std::pair(synapse.target, synapse.properties.type); };
  std::size_t o = 0;
  for (std::size_t n = 0; n < new_order.size();) {
    const auto group = key(now[new_order[n]]);
    std::size_t n_end = n;
    while (n_end < new_order.size() && key(now[new_order[n_end]]) == group) ++n_end;
    while (o < old_order.size() && key(old[old_order[o]]) < group) ++o;
    std::size_t o_end = o;
    while (o_end < old_order.size() && key(old[old_order[o_end]]) == group) ++o_end;
    std::vector<std::size_t> left_old(old_order.begin() + static_cast<std::ptrdiff_t>(o),
                                      old_order.begin() + static_cast<std::ptrdiff_t>(o_end));
    std::vector<std::size_t> left_new;
    for (; n < n_end; ++n) {
      const auto equal =
          std::find_if(left_old.begin(), left_old.end(), [&](std::size_t i) { return old[i].properties == now[new_order[n]].properties; });
      if (equal == left_old.end()) {
        left_new.push_back(new_order[n]);
      } else {
        matches[new_order[n]] = *equal;
        left_old.erase(equal);
      }
    }
    for (std::size_t i = 0; i < std::min(left_old.size(), left_new.size()); ++i) matches[left_new[i]] = left_old[i];
    o = o_end;
  }
  return matches;
}

}  // namespace flux
