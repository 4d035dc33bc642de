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
#include "network_impl.h"

namespace flux {

namespace {

NeuronState state_of(const NeuronSample& sample, const NeuronProperties& p) {
  const rule::Neuron& n = sample.neuron;
  return {n.level,           n.threshold,  rule::effective_threshold(n.threshold, n.modulation, p), n.modulation,
          n.refractory_left, n.burst_left, static_cast<std::int32_t>(sample.own_spike_in)};
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

Result<Network> Network::open_bytes(std::string_view bytes, const std::string& name, const NetworkOptions& options) {
  auto document = read_document_bytes(bytes, name);
  if (!document) return document.error();
  return make(std::move(document).value(), options);
}

Result<Network> Network::make(Document&& document, const NetworkOptions& options) {
  if (options.threads < 1 || options.threads > 64) return Error{fmt::format("{} threads", options.threads), "", "choose 1..64"};
  auto impl = std::make_unique<Impl>();
  impl->options = options;
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
  if (!is_flat(document.circuit)) {
    auto plain = checked_plain(document.circuit, impl->share_from());
    if (!plain) return plain.error();
    impl->placed = std::move(plain).value();
  }
  Result<Graph> graph = document.compiled.has_value() ? Result<Graph>(std::move(*document.compiled))
                        : impl->placed                ? flatten_checked(*impl->placed)
                                                      : flatten(document.circuit);
  if (!graph) return graph.error();
  document.compiled.reset();
  impl->graph = std::make_shared<Graph>(std::move(graph).value());
  if (impl->placed) {
    impl->placed->synapses = {};  // the graph has them
    impl->placed->fibers = {};
  }
  impl->names = Names(impl->placed ? *impl->placed : document.circuit);
  if (impl->names.size() != impl->graph->neuron_count()) {
    return Error{"the compiled network and its circuit differ", "", "compile the circuit again"};
  }
  impl->choice.on_gpu = options.core == CoreKind::webgpu;
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
void Network::set_period(Tick ticks) { impl_->loop->set_period(ticks); }
void Network::set_speed(std::uint32_t thousandths) { impl_->loop->set_speed(thousandths); }
Tick Network::pump(std::int64_t real_microseconds, std::int64_t budget_microseconds) {
  return impl_->loop->pump(real_microseconds, budget_microseconds);
}

// A neuron's index changes where the network is made anew, so the loop tells which it is.
EventLoop::LevelCallback Network::Impl::with_state(std::function<void(Tick, const NeuronState&)> callback) {
  return [this, callback = std::move(callback)](Tick t, NeuronIndex neuron, const NeuronSample& sample) {
    callback(t, state_of(sample, graph->properties(neuron)));
  };
}

// --- Events ---------------------------------------------------------------------------------------------------------------------------

Network::Subscription Network::on_fire(std::function<void(Tick, std::span<const NeuronIndex>)> callback) {
  return impl_->loop->on_fire(std::move(callback));
}
Network::Subscription Network::on_level_change(NeuronIndex neuron, std::function<void(Tick, const NeuronState&)> callback) {
  assert(exists(neuron));
  return impl_->loop->on_level_change(neuron, impl_->with_state(std::move(callback)));
}
Network::Subscription Network::on_sample(NeuronIndex neuron, std::function<void(Tick, const NeuronState&)> callback) {
  assert(exists(neuron));
  return impl_->loop->on_sample(neuron, impl_->with_state(std::move(callback)));
}
Network::Subscription Network::on_tick(std::function<void(Tick)> callback) { return impl_->loop->on_tick(std::move(callback)); }
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

void Network::states(NeuronIndex first, std::uint32_t count, std::vector<NeuronState>& states) const {
  assert(first + std::uint64_t{count} <= size());
  std::vector<NeuronSample> samples;
  while (!impl_->core().take_samples(first, count, samples)) continue;
  states.assign(count, {});
  for (std::uint32_t i = 0; i < count; ++i) {
    if (exists(first + i)) states[i] = state_of(samples[i], impl_->graph->properties(first + i));
  }
}

Status Network::fire(NeuronIndex neuron) { return status_of(impl_->put(input::Stimulate{neuron, Stimulus::Kind::fire, 1})); }
Status Network::summation(NeuronIndex neuron, std::int32_t value) {
  return status_of(impl_->put(input::Stimulate{neuron, Stimulus::Kind::direct, value}));
}
Status Network::modulate(NeuronIndex neuron, std::int32_t value) {
  return status_of(impl_->put(input::Stimulate{neuron, Stimulus::Kind::modulate, value}));
}

// --- Edits ----------------------------------------------------------------------------------------------------------------------------

Result<NeuronIndex> Network::add_neuron(const NeuronNode& node) {
  if (node.count != 0) return Error{"a population cannot be added to a running network", node.id, "add its neurons one by one"};
  return impl_->put(input::AddNeuron{node});
}
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
  impl_->loop->set_before_ticks([impl = impl_.get()](Tick t) { return impl->before_ticks(t); });
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

// Replays what the log has for tick t and keeps a state when one is due. Returns in how many ticks that is so again.
Tick Network::Impl::before_ticks(Tick t) {
  const std::vector<History::Entry>& log = history->log();
  replaying = true;
  for (std::size_t next = history->next(); next < log.size() && log[next].tick <= t; ++next) {
    const auto done = put(log[next].input);
    assert(done.ok());  // it was when it was logged
    (void)done;
    history->set_next(next + 1);
  }
  replaying = false;
  if (history->wants_keyframe(t)) keep_keyframe();
  history->reached(t + 1);
  return history->ticks_until_needed(t);
}

void Network::Impl::keep_keyframe() {
  Keyframe keyframe;
  keyframe.state = loop->state();
  keyframe.edits = edits;
  keyframe.log_size = history->next();
  const bool same_graph = history->has_keyframes() && history->newest().edits == keyframe.edits;
  keyframe.graph = same_graph ? history->newest().graph : std::make_shared<const Graph>(graph->clone());
  keyframe.names = same_graph ? history->newest().names : std::make_shared<const Names>(names);
  keyframe.layout = layout;
  keyframe.added = added;
  history->keep(std::move(keyframe));
}

Status Network::Impl::restore(const Keyframe& keyframe) {
  if (keyframe.edits != edits) {
    graph = std::make_shared<Graph>(keyframe.graph->clone());
    names = *keyframe.names;
    added = keyframe.added;
    layout = keyframe.layout;
  }
  std::unique_ptr<Core> core = make_core();
  if (Status status = core->load_state(keyframe.state); !status) return status;
  loop->replace_core(std::move(core), keyframe.state.spike_count, keyframe.state.spike_hash);
  edits = keyframe.edits;
  // What was put in for this tick before the keyframe was made: edits are in it, stimuli had yet to take effect.
  const std::vector<History::Entry>& log = history->log();
  std::size_t next = keyframe.log_size;
  while (next > 0 && log[next - 1].tick >= keyframe.state.now) --next;
  replaying = true;
  std::vector<input::Stimulate> stimuli;
  for (; next < keyframe.log_size; ++next) {
    if (const auto* stimulus = std::get_if<input::Stimulate>(&log[next].input)) stimuli.push_back(*stimulus);
    if (const auto* transplant = std::get_if<input::Transplant>(&log[next].input)) {
      const std::vector<NeuronIndex> moved = new_indices(*transplant);
      for (input::Stimulate& stimulus : stimuli) stimulus.neuron = stimulus.neuron < moved.size() ? moved[stimulus.neuron] : FLUX_NO_NEURON;
    }
    const auto* row = std::get_if<input::ReplaceRow>(&log[next].input);
    for (input::Stimulate& stimulus : stimuli) {
      if (row != nullptr && stimulus.neuron == row->goes_on_for) stimulus.neuron = row->source;
    }
  }
  for (const input::Stimulate& stimulus : stimuli) {
    if (stimulus.neuron != FLUX_NO_NEURON) (void)put(stimulus);
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
  const bool can_be_written = impl_->graph->neuron_count() <= FLUX_MAX_NEURONS;
  if (impl_->graph->edited() && !can_be_written) return impl_->document.circuit;
  if (impl_->graph->edited()) {
    return edited_circuit(impl_->plain(), impl_->names, impl_->added, *impl_->graph, impl_->loop->state().learned);
  }
  if (impl_->graph->plastic_count() == 0) return impl_->document.circuit;
  Circuit circuit = impl_->document.circuit;
  keep_long_term(circuit, *impl_->graph, impl_->loop->state().learned);
  return circuit;
}

template <class Save>
auto Network::Impl::to_save(const Network& network, Save save) -> decltype(save(Circuit(), nullptr, NetworkState())) {
  if (Status status = read_synapses(document); !status) return status.error();
  if (graph->edited() && graph->neuron_count() > FLUX_MAX_NEURONS) {
    return Error{fmt::format("an edited network of more than {} neurons cannot be written neuron by neuron", FLUX_MAX_NEURONS), "",
                 "change the circuit it is made from, and make it again"};
  }
  NetworkState state = loop->state();
  if (graph->edited()) drop_removed(state, *graph);
  // A compiled graph would have the long-term parts that plastic synapses began with, not those they have now.
  const bool keeps_compiled = compiled && !graph->edited() && graph->is_plain() && graph->plastic_count() == 0;
  return save(network.circuit(), keeps_compiled ? graph.get() : nullptr, state);
}

Status Network::save(const std::string& path) const {
  return impl_->to_save(*this, [&](const Circuit& circuit, const Graph* compiled, const NetworkState& state) {
    return write_flx(path, circuit, compiled, &state);
  });
}

Result<std::string> Network::saved_bytes() const {
  return impl_->to_save(
      *this, [](const Circuit& circuit, const Graph* compiled, const NetworkState& state) { return flx_bytes(circuit, compiled, &state); });
}

}  // namespace flux
