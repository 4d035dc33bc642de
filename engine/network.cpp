#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>

#include "circuit/elaborate.h"
#include "circuit/flatten.h"
#include "circuit/names.h"
#include "file/flx.h"
#include "flux.h"
#include "history.h"
#include "loop/event_loop.h"
#include "network_circuit.h"

namespace flux {

struct Network::Impl {
  Document document;              // what it was made from
  std::optional<Circuit> placed;  // the neurons of a tree under their paths; nothing when the document's circuit is flat
  NetworkOptions options;
  bool compiled = false;
  std::shared_ptr<Graph> graph;
  Names names;
  std::vector<NeuronNode> added;  // neurons added since, in the order of their indices
  std::unique_ptr<EventLoop> loop;
  std::unique_ptr<History> history;  // while recording
  bool replaying = false;            // inputs come from the history and are in its log already

  std::unique_ptr<Core> make_core() const;
  // Puts something in and, when it took effect, logs it. The result is that of adding a neuron, otherwise the neuron that was meant.
  Result<NeuronIndex> put(const Input& input);
  Result<NeuronIndex> apply(const input::Stimulate& input);
  Result<NeuronIndex> apply(const input::AddNeuron& input);
  Result<NeuronIndex> apply(const input::UpdateNeuron& input);
  Result<NeuronIndex> apply(const input::RemoveNeuron& input);
  Result<NeuronIndex> apply(const input::AddSynapse& input);
  Result<NeuronIndex> apply(const input::UpdateSynapse& input);
  Result<NeuronIndex> apply(const input::RemoveSynapse& input);
  // Replaces the row of a source by what `edit` makes of it.
  template <class Edit>
  Result<NeuronIndex> edit_row(NeuronIndex source, Edit edit);

  void before_tick(Tick t);
  void keep_keyframe();
  Status restore(const Keyframe& keyframe);

  Core& core() { return loop->core(); }
  const Circuit& plain() const { return placed ? *placed : document.circuit; }
  Status check_neuron(NeuronIndex neuron) const {
    if (graph->exists(neuron)) return {};
    return Error{fmt::format("there is no neuron {}", neuron), "",
                 fmt::format("use an index below {} that was not removed", graph->neuron_count())};
  }
};

namespace {

Error no_such_synapse(const SynapseRef& ref) {
  return Error{
      fmt::format("there is no such synapse from neuron {} to neuron {} (number {} of its type)", ref.source, ref.target, ref.ordinal), "",
      "list the source's efferents"};
}

NeuronState state_of(const NeuronSample& sample, const NeuronProperties& p) {
  const rule::Neuron& n = sample.neuron;
  return {n.level,           n.threshold,  rule::effective_threshold(n.threshold, n.modulation, p), n.modulation,
          n.refractory_left, n.burst_left, static_cast<std::int32_t>(sample.own_spike_in)};
}

// A row being edited: its synapses with what they have learned.
struct EditedRow {
  std::vector<SynapseSpec> synapses;
  std::vector<LearnedWeight> learned;  // parallel; zero for static ones

  void add(const SynapseSpec& synapse, LearnedWeight weight) {
    synapses.push_back(synapse);
    learned.push_back(weight);
  }
  void erase(std::size_t i) {
    synapses.erase(synapses.begin() + static_cast<std::ptrdiff_t>(i));
    learned.erase(learned.begin() + static_cast<std::ptrdiff_t>(i));
  }
  // Place of a synapse, or size().
  std::size_t find(const SynapseRef& ref) const {
    std::uint32_t seen = 0;
    for (std::size_t i = 0; i < synapses.size(); ++i) {
      if (synapses[i].target != ref.target || synapses[i].properties.type != ref.type) continue;
      if (seen++ == ref.ordinal) return i;
    }
    return synapses.size();
  }
};

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

// The synapses of a source as the public face shows them.
std::vector<SynapseView> view_row(Core& core, NeuronIndex source) {
  const EditedRow row = read_row(core, source);
  std::vector<SynapseView> views;
  std::map<std::pair<NeuronIndex, SynapseType>, std::uint32_t> ordinals;
  for (std::size_t i = 0; i < row.synapses.size(); ++i) {
    const SynapseProperties& p = row.synapses[i].properties;
    SynapseView view;
    view.source = source;
    view.target = row.synapses[i].target;
    view.ordinal = ordinals[{view.target, p.type}]++;
    view.properties = p;
    view.short_term = row.learned[i].short_term;
    view.long_term = row.learned[i].long_term;
    view.effective_weight = p.plastic() ? rule::effective_weight(p.weight, view.short_term, view.long_term) : p.weight;
    views.push_back(view);
  }
  return views;
}

Status status_of(const Result<NeuronIndex>& result) { return result.ok() ? Status() : Status(result.error()); }

}  // namespace

Network::Network(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

Result<Network> Network::init(const Circuit& circuit, const NetworkOptions& options) {
  Document document;
  document.circuit = circuit;
  return make(std::move(document), options);
}

Result<Network> Network::open(const std::string& path, const NetworkOptions& options) {
  auto document = read_document(path, ReadSynapses::when_asked_for);
  if (!document) return document.error();
  return make(std::move(document).value(), options);
}

Result<Network> Network::make(Document&& document, const NetworkOptions& options) {
  if (options.threads < 1 || options.threads > 64) return Error{fmt::format("{} threads", options.threads), "", "choose 1..64"};
  auto impl = std::make_unique<Impl>();
  impl->compiled = document.compiled.has_value();
  const bool other_seed = options.seed.has_value() && *options.seed != document.circuit.settings.seed;
  if (other_seed && document.state.has_value()) {
    return Error{"a saved run goes on with the seed it has", "", "leave the seed out, or start from the circuit it was made from"};
  }
  if (other_seed) {
    if (Status status = read_synapses(document); !status) return status.error();
    document.circuit.settings.seed = *options.seed;
    document.compiled.reset();  // its fibers were drawn with another
  }
  Result<Graph> graph = document.compiled.has_value() ? Result<Graph>(std::move(*document.compiled)) : flatten(document.circuit);
  if (!graph) return graph.error();
  document.compiled.reset();
  impl->graph = std::make_shared<Graph>(std::move(graph).value());
  if (!is_flat(document.circuit)) {
    auto placed = elaborate(document.circuit);
    if (!placed) return placed.error();
    impl->placed = std::move(placed).value();
    impl->placed->synapses = {};  // the graph has them
    impl->placed->fibers = {};
  }
  impl->names = Names(impl->placed ? *impl->placed : document.circuit);
  if (impl->names.size() != impl->graph->neuron_count()) {
    return Error{"the compiled network and its circuit differ", "", "compile the circuit again"};
  }
  impl->options = options;
  impl->loop = std::make_unique<EventLoop>(impl->make_core());
  if (document.state.has_value()) {
    if (Status status = impl->loop->load_state(*document.state); !status) return status.error();
    document.state.reset();
  }
  impl->document = std::move(document);
  return Network(std::move(impl));
}

// --- Time -----------------------------------------------------------------------------------------------------------------------------

void Network::run() { impl_->loop->run(); }
void Network::pause() { impl_->loop->pause(); }
bool Network::running() const { return impl_->loop->running(); }
Tick Network::now() const { return impl_->loop->now(); }
void Network::step(Tick ticks) { impl_->loop->step(ticks); }
void Network::set_speed(std::uint32_t thousandths) { impl_->loop->set_speed(thousandths); }
Tick Network::pump(std::int64_t real_microseconds, std::int64_t budget_microseconds) {
  return impl_->loop->pump(real_microseconds, budget_microseconds);
}

// --- Events ---------------------------------------------------------------------------------------------------------------------------

Network::Subscription Network::on_fire(std::function<void(Tick, std::span<const NeuronIndex>)> callback) {
  return impl_->loop->on_fire(std::move(callback));
}
Network::Subscription Network::on_level_change(NeuronIndex neuron, std::function<void(Tick, const NeuronState&)> callback) {
  assert(exists(neuron));
  return impl_->loop->on_level_change(neuron,
                                      [impl = impl_.get(), neuron, callback = std::move(callback)](Tick t, const NeuronSample& sample) {
                                        callback(t, state_of(sample, impl->graph->properties(neuron)));
                                      });
}
Network::Subscription Network::on(std::string_view event, std::function<void(std::int64_t)> callback) {
  return impl_->loop->on(event, std::move(callback));
}
void Network::emit(std::string_view event, std::int64_t value) { impl_->loop->emit(event, value); }
void Network::off(Subscription subscription) { impl_->loop->off(subscription); }

// --- Neurons --------------------------------------------------------------------------------------------------------------------------

std::optional<NeuronIndex> Network::find(std::string_view path_or_alias) const { return impl_->names.find(path_or_alias); }
std::string Network::path(NeuronIndex neuron) const { return exists(neuron) ? impl_->names.path(neuron) : std::string(); }
std::uint32_t Network::size() const { return impl_->graph->neuron_count(); }
bool Network::exists(NeuronIndex neuron) const { return impl_->graph->exists(neuron); }

NeuronProperties Network::properties(NeuronIndex neuron) const {
  assert(exists(neuron));
  return impl_->graph->properties(neuron);
}

NeuronState Network::state(NeuronIndex neuron) const {
  assert(exists(neuron));
  NeuronSample sample;
  while (!impl_->core().take_sample(neuron, sample)) continue;
  return state_of(sample, impl_->graph->properties(neuron));
}

Status Network::fire(NeuronIndex neuron) { return status_of(impl_->put(input::Stimulate{neuron, Stimulus::Kind::fire, 1})); }
Status Network::summation(NeuronIndex neuron, std::int32_t value) {
  return status_of(impl_->put(input::Stimulate{neuron, Stimulus::Kind::direct, value}));
}
Status Network::modulate(NeuronIndex neuron, std::int32_t value) {
  return status_of(impl_->put(input::Stimulate{neuron, Stimulus::Kind::modulate, value}));
}

// --- Edits ----------------------------------------------------------------------------------------------------------------------------

Result<NeuronIndex> Network::add_neuron(const NeuronNode& node) { return impl_->put(input::AddNeuron{node}); }
Status Network::update_neuron(NeuronIndex neuron, const NeuronProperties& properties) {
  return status_of(impl_->put(input::UpdateNeuron{neuron, properties}));
}
Status Network::remove_neuron(NeuronIndex neuron) { return status_of(impl_->put(input::RemoveNeuron{neuron})); }
Status Network::add_synapse(NeuronIndex source, NeuronIndex target, const SynapseProperties& properties) {
  return status_of(impl_->put(input::AddSynapse{source, target, properties}));
}
Status Network::update_synapse(const SynapseRef& synapse, const SynapseProperties& properties) {
  return status_of(impl_->put(input::UpdateSynapse{synapse, properties}));
}
Status Network::remove_synapse(const SynapseRef& synapse) { return status_of(impl_->put(input::RemoveSynapse{synapse})); }

Result<NeuronIndex> Network::Impl::put(const Input& input) {
  auto result = std::visit([this](const auto& some) { return apply(some); }, input);
  if (result.ok() && history && !replaying) history->append(loop->now(), input);
  return result;
}

Result<NeuronIndex> Network::Impl::apply(const input::Stimulate& input) {
  if (Status status = check_neuron(input.neuron); !status) return status.error();
  loop->stimulate(input.neuron, input.kind, input.value);
  return input.neuron;
}

Result<NeuronIndex> Network::Impl::apply(const input::AddNeuron& input) {
  const NeuronNode& node = input.node;
  if (node.count != 0) return Error{"a population cannot be added to a running network", node.id, "add its neurons one by one"};
  if (Status status = check_properties(node.properties); !status) return Error{status.error().what, node.id, status.error().fix};
  if (!names.add(node)) return Error{"this name is taken or not allowed", node.id, "choose another"};
  auto neuron = core().add_neuron(node.properties);
  if (!neuron) {
    names.remove(names.size() - 1);
    return neuron;
  }
  added.push_back(node);
  return neuron;
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

std::vector<SynapseView> Network::afferents(NeuronIndex neuron) const {
  std::vector<SynapseView> views;
  for (NeuronIndex source : sources_of(*impl_->graph, neuron)) {
    for (const SynapseView& view : view_row(impl_->core(), source)) {
      if (view.target == neuron) views.push_back(view);
    }
  }
  return views;
}

std::vector<SynapseView> Network::efferents(NeuronIndex neuron) const {
  return exists(neuron) ? view_row(impl_->core(), neuron) : std::vector<SynapseView>();
}

// --- Time machine -------------------------------------------------------------------------------------------------------------------

void Network::record(Tick ticks_between_states, std::uint64_t most_bytes) {
  impl_->history = std::make_unique<History>(ticks_between_states, most_bytes);
  impl_->history->reached(now());
  impl_->keep_keyframe();
  impl_->loop->set_before_tick([impl = impl_.get()](Tick t) { impl->before_tick(t); });
}

bool Network::recording() const { return impl_->history != nullptr; }
Tick Network::recorded_from() const { return recording() ? impl_->history->from() : now(); }
Tick Network::recorded_to() const { return recording() ? std::max(impl_->history->to(), now()) : now(); }

Status Network::seek(Tick t) {
  if (!recording()) return Error{"nothing is recorded", "", "call record() first"};
  const History& history = *impl_->history;
  if (t < recorded_from() || t > recorded_to()) {
    return Error{fmt::format("tick {} is not recorded", t), "", fmt::format("choose {}..{}", recorded_from(), recorded_to())};
  }
  impl_->history->reached(now());
  const Keyframe& keyframe = history.last_before(t);
  if (t < now() || keyframe.state.now > now()) {
    if (Status status = impl_->restore(keyframe); !status) return status;
  }
  impl_->loop->step_silently(t - now());
  return {};
}

std::unique_ptr<Core> Network::Impl::make_core() const {
  return options.core == CoreKind::reference ? make_reference_core(graph) : make_cpu_core(graph, {options.threads});
}

// Replays what the log has for tick t and keeps a state when one is due.
void Network::Impl::before_tick(Tick t) {
  const std::vector<History::Entry>& log = history->log();
  replaying = true;
  for (std::size_t next = history->next(); next < log.size() && log[next].tick <= t; ++next) {
    const auto done = put(log[next].input);
    assert(done.ok());  // it was when it was logged
    (void)done;
    if (is_edit(log[next].input)) history->set_edits(history->edits() + 1);
    history->set_next(next + 1);
  }
  replaying = false;
  if (history->wants_keyframe(t)) keep_keyframe();
  history->reached(t + 1);
}

void Network::Impl::keep_keyframe() {
  Keyframe keyframe;
  keyframe.state = loop->state();
  keyframe.edits = history->edits();
  keyframe.log_size = history->next();
  const bool same_graph = history->has_keyframes() && history->newest().edits == keyframe.edits;
  keyframe.graph = same_graph ? history->newest().graph : std::make_shared<const Graph>(graph->clone());
  keyframe.names = names;
  keyframe.added = added;
  history->keep(std::move(keyframe));
}

Status Network::Impl::restore(const Keyframe& keyframe) {
  if (keyframe.edits != history->edits()) {
    graph = std::make_shared<Graph>(keyframe.graph->clone());
    names = keyframe.names;
    added = keyframe.added;
  }
  std::unique_ptr<Core> core = make_core();
  if (Status status = core->load_state(keyframe.state); !status) return status;
  loop->replace_core(std::move(core), keyframe.state.spike_count, keyframe.state.spike_hash);
  history->set_edits(keyframe.edits);
  // What was put in for this tick before the keyframe was made: edits are in it, stimuli had yet to take effect.
  const std::vector<History::Entry>& log = history->log();
  std::size_t next = keyframe.log_size;
  while (next > 0 && log[next - 1].tick >= keyframe.state.now) --next;
  replaying = true;
  for (; next < keyframe.log_size; ++next) {
    if (!is_edit(log[next].input)) (void)put(log[next].input);
  }
  replaying = false;
  history->set_next(keyframe.log_size);
  return {};
}

// --- The whole ------------------------------------------------------------------------------------------------------------------------

NetworkCounts Network::counts() const {
  NetworkCounts counts;
  for (NeuronIndex n = 0; n < size(); ++n) counts.neurons += exists(n) ? 1 : 0;
  counts.synapses = impl_->graph->synapse_count();
  counts.plastic_synapses = impl_->graph->plastic_count();
  counts.graph_bytes = impl_->graph->bytes();
  counts.state_bytes = impl_->core().state_bytes();
  return counts;
}

NetworkHash Network::hash() const { return {impl_->loop->spike_hash(), hash_state(impl_->loop->state())}; }

const std::string& Network::title() const { return impl_->document.circuit.title; }
const NetworkSettings& Network::settings() const { return impl_->document.circuit.settings; }

Circuit Network::circuit() const {
  const Status status = read_synapses(impl_->document);
  if (!status) return impl_->document.circuit;
  const NetworkState state = impl_->loop->state();
  if (impl_->graph->edited()) return edited_circuit(impl_->plain(), impl_->added, *impl_->graph, state.learned);
  Circuit circuit = impl_->document.circuit;
  keep_long_term(circuit, *impl_->graph, state.learned);
  return circuit;
}

Status Network::save(const std::string& path) const {
  if (Status status = read_synapses(impl_->document); !status) return status;
  NetworkState state = impl_->loop->state();
  if (impl_->graph->edited()) {
    drop_removed(state, *impl_->graph);
    return write_flx(path, circuit(), nullptr, &state);
  }
  // A compiled graph would have the long-term parts that plastic synapses began with, not those they have now.
  const bool keeps_compiled = impl_->compiled && impl_->graph->plastic_count() == 0;
  return write_flx(path, circuit(), keeps_compiled ? impl_->graph.get() : nullptr, &state);
}

}  // namespace flux
