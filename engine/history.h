// The time machine's memory: a log of everything that was put into a network from outside, and its state now and then.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "circuit/circuit.h"
#include "circuit/names.h"
#include "core/core.h"
#include "flux.h"

namespace flux {

// What can be put into a network between two ticks.
namespace input {
struct Stimulate {
  NeuronIndex neuron;
  Stimulus::Kind kind;
  std::int32_t value;
};
struct AddNeuron {
  NeuronNode node;
};
struct UpdateNeuron {
  NeuronIndex neuron;
  NeuronProperties properties;
};
struct RemoveNeuron {
  NeuronIndex neuron;
};
struct AddSynapse {
  NeuronIndex source, target;
  SynapseProperties properties;
};
struct UpdateSynapse {
  SynapseRef synapse;
  SynapseProperties properties;
};
struct RemoveSynapse {
  SynapseRef synapse;
};
// --- Of the editor
// By the neuron there was, the one that takes its place.
using MovedNeurons = std::unordered_map<NeuronIndex, NeuronIndex>;
// Takes a node out of the network; its neurons have empty rows, and no synapse leads to them.
struct DropNode {
  std::string path;
};
// What synapses of one source that come back are to know. Each weight is given once.
class RevivedWeights {
 public:
  void add(NeuronIndex target, const SynapseProperties& properties, LearnedWeight learned) {
    weights_[{target, properties.type}].push_back({properties, learned});
  }
  // That of a synapse just like this one, else of the first to the same target and of the same type.
  std::optional<LearnedWeight> take(NeuronIndex target, const SynapseProperties& properties);

 private:
  struct Weight {
    SynapseProperties properties;
    LearnedWeight learned;
  };
  std::map<std::pair<NeuronIndex, SynapseType>, std::vector<Weight>> weights_;
};
// The whole row of a source. A synapse goes on for one there was, to the same target and of the same type; others know what is revived for
// them, or the long-term part they have.
struct ReplaceRow {
  NeuronIndex source;
  std::vector<SynapseSpec> synapses;
  RevivedWeights revived;
  NeuronIndex goes_on_for;                              // `source`, or the neuron whose place it takes with all its state
  std::shared_ptr<const MovedNeurons> moved = nullptr;  // those that its targets took the place of in the same change
};
// Gives a node, which then has this path, another number of neurons: the first of those it had, or new ones that take their place.
struct ResizeNode {
  std::string path;
  std::uint32_t count;  // as in NeuronNode
  bool moves;
  NeuronProperties properties;  // of neurons that it did not have
};
// Takes neurons out of the network that no node names any more; their rows are empty, and no synapse leads to them.
struct DropRun {
  NeuronIndex first;
  std::uint32_t count;
};
struct RenameNode {
  std::string path;
  NeuronNode node;  // of it only the id, which is the new path, and the aliases
};
// Memory that edits left behind is given back. Nothing else changes.
struct Compact {};
// Goes on with another graph. origin[n]: the neuron of the present one that n goes on for, or FLUX_NO_NEURON.
struct Transplant {
  std::shared_ptr<const Graph> graph;
  std::shared_ptr<const Names> names;
  std::vector<NeuronIndex> origin;
  std::map<NeuronIndex, RevivedWeights> revived;  // by source, for synapses that go on for none
};
}  // namespace input

inline constexpr NeuronIndex FLUX_NO_NEURON = ~NeuronIndex{0};

using Input = std::variant<input::Stimulate, input::AddNeuron, input::UpdateNeuron, input::RemoveNeuron, input::AddSynapse,
                           input::UpdateSynapse, input::RemoveSynapse, input::DropNode, input::ReplaceRow, input::RenameNode,
                           input::ResizeNode, input::DropRun, input::Compact, input::Transplant>;

inline bool is_edit(const Input& input) { return !std::holds_alternative<input::Stimulate>(input); }

// New index of each neuron there was, or FLUX_NO_NEURON.
std::vector<NeuronIndex> new_indices(const input::Transplant& transplant);

// All of a network at the beginning of a tick.
struct Keyframe {
  NetworkState state;
  std::uint64_t edits = 0;             // in effect, as the network counts them
  std::size_t log_size = 0;            // entries logged by then; the edits among them are in it
  std::shared_ptr<const Graph> graph;  // shared by the keyframes between two edits
  std::shared_ptr<const Names> names;  // likewise
  std::vector<NeuronNode> added;
  std::uint32_t layout = 0;
};

class History {
 public:
  History(Tick ticks_between, std::uint64_t most_bytes) : ticks_between_(std::max<Tick>(1, ticks_between)), most_bytes_(most_bytes) {}

  // --- The log
  struct Entry {
    Tick tick;  // the one it takes effect in
    Input input;
  };
  const std::vector<Entry>& log() const { return log_; }
  // Something new was put in at `now`: what the log had for later is gone.
  void append(Tick now, Input input);
  // Entries that are still to be replayed begin here.
  std::size_t next() const { return next_; }
  void set_next(std::size_t next) { next_ = next; }

  // --- Keyframes
  bool wants_keyframe(Tick now) const { return keyframes_.empty() || now >= keyframes_.back().state.now + ticks_between_; }
  // Ticks from `now`, where no keyframe is due and nothing is left to replay, to the next at which there is.
  Tick ticks_until_needed(Tick now) const {
    const Tick keyframe = keyframes_.back().state.now + ticks_between_;
    return std::max<Tick>(1, next_ < log_.size() ? std::min(keyframe, log_[next_].tick) - now : keyframe - now);
  }
  void keep(Keyframe keyframe);
  const Keyframe& last_before(Tick t) const;  // t >= from()
  bool has_keyframes() const { return !keyframes_.empty(); }
  const Keyframe& newest() const { return keyframes_.back(); }

  Tick from() const { return keyframes_.front().state.now; }
  Tick to() const { return furthest_; }
  void reached(Tick now) { furthest_ = std::max(furthest_, now); }

 private:
  static std::uint64_t bytes_of(const Keyframe& keyframe, const Keyframe* before);

  Tick ticks_between_;
  std::uint64_t most_bytes_;
  std::vector<Entry> log_;  // by rising tick
  std::size_t next_ = 0;
  std::vector<Keyframe> keyframes_;  // by rising tick; the first is where recording began
  std::uint64_t kept_bytes_ = 0;
  Tick furthest_ = 0;
};

}  // namespace flux
