// What is behind Network: for network*.cpp and the editor.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "circuit/names.h"
#include "file/flx.h"
#include "flux.h"
#include "history.h"
#include "loop/event_loop.h"

namespace flux {

// What a synapse that is gone had learned.
struct LostWeight {
  std::string source, target;  // paths
  SynapseProperties properties;
  LearnedWeight learned;
};

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
  std::string notice;                // why another core than the one asked for computes; until somebody took it
  bool replaying = false;            // inputs come from the history and are in its log already
  std::uint64_t edits = 0;           // in effect, of all that were made since the network was
  std::uint32_t layout = 0;          // another one whenever neurons get other indices
  std::vector<LostWeight> lost;      // by edits since somebody cleared it

  // Which core is to compute (core_choice.cpp).
  struct CoreChoice {
    bool on_gpu = false;   // a GPU is to compute, and did when it was last looked at
    bool settled = false;  // nothing is to be compared any more
    CoreReport::Because because = CoreReport::Because::chosen;
    std::string reason;
    std::chrono::steady_clock::time_point next_look{};  // no comparison before
    double wait_seconds = 2;                            // between the last two
  };
  CoreChoice choice;

  // Where the core that is to compute is not to be had, the cpu core computes the same, and a notice says why.
  std::unique_ptr<Core> make_core();
  void settle_on_cpu(CoreReport::Because because, std::string reason);
  void notice_failure();  // of a GPU that the cpu core went on for
  Status go_on_with(std::unique_ptr<Core> next, const NetworkState& state);
  bool core_choice_due();
  void choose_core();
  // Puts something in and, when it took effect, logs it. The result is that of adding a neuron, otherwise the neuron that was meant.
  Result<NeuronIndex> put(const Input& input);

  Core& core() { return loop->core(); }
  const Circuit& plain() const { return placed ? *placed : document.circuit; }
  // Neurons from which on repeated circuits share their tables. The webgpu core takes plain graphs alone.
  std::uint64_t share_from() const { return options.core == CoreKind::webgpu ? FLUX_NEVER_SHARE : options.share_from; }
  Status check_neuron(NeuronIndex neuron) const;

  Tick before_ticks(Tick t);
  EventLoop::LevelCallback with_state(std::function<void(Tick, const NeuronState&)> callback);
  void keep_keyframe();
  Status restore(const Keyframe& keyframe);
  // Passes circuit, compiled graph (or null) and state, as they are to be saved, to save(circuit, compiled, state).
  template <class Save>
  auto to_save(const Network& network, Save save) -> decltype(save(Circuit(), nullptr, NetworkState()));

 private:
  Result<NeuronIndex> apply(const input::Stimulate& input);
  Result<NeuronIndex> apply(const input::AddNeuron& input);
  Result<NeuronIndex> apply(const input::UpdateNeuron& input);
  Result<NeuronIndex> apply(const input::RemoveNeuron& input);
  Result<NeuronIndex> apply(const input::AddSynapse& input);
  Result<NeuronIndex> apply(const input::UpdateSynapse& input);
  Result<NeuronIndex> apply(const input::RemoveSynapse& input);
  Result<NeuronIndex> apply(const input::DropNode& input);
  Result<NeuronIndex> apply(const input::ReplaceRow& input);
  Result<NeuronIndex> apply(const input::RenameNode& input);
  Result<NeuronIndex> apply(const input::ResizeNode& input);
  Result<NeuronIndex> apply(const input::DropRun& input);
  Result<NeuronIndex> apply(const input::Compact& input);
  Result<NeuronIndex> apply(const input::Transplant& input);
  // `to`, just added with the properties of `from`, goes on in its place.
  Status move_neuron(NeuronIndex from, NeuronIndex to, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned);
  // Replaces the row of a source by what `edit` makes of it.
  template <class Edit>
  Result<NeuronIndex> edit_row(NeuronIndex source, Edit edit);
};

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
  std::size_t find(const SynapseRef& ref) const;
};
EditedRow read_row(Core& core, NeuronIndex source);

// For each synapse of a new row the place in the old one of the synapse it goes on for, or old.size(): one to the same target and of the
// same type, an equal one first, then in the order of the rows.
std::vector<std::size_t> match_rows(std::span<const SynapseSpec> old, std::span<const SynapseSpec> now);

}  // namespace flux
