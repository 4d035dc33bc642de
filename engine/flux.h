// The public face of FLUX: one header for the shell, the browser, Python and any program that embeds the engine. See docs/embedding.md.
//
// A Network owns a circuit made flat, a computational core and the event loop that drives it. It never blocks, prints or exits: the host
// calls pump() from its own loop, or step() to compute a number of ticks at once. Everything is integer arithmetic: the same circuit, seed
// and inputs give the same spikes on every core, thread count and machine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "circuit/repeated.h"
#include "core/gpu_state.h"
#include "graph/properties.h"

namespace flux {

struct Document;     // file/flx.h
struct Explanation;  // core/explain.h

// automatic: the cpu core, or a GPU where choose_core() has measured that it is faster on this network.
enum class CoreKind : std::uint8_t { reference, cpu, webgpu, automatic };

// Which core computes, and why.
struct CoreReport {
  enum class Because : std::uint8_t {
    chosen,    // it was asked for, or nothing was measured yet
    light,     // the network costs so little that no GPU could be faster
    faster,    // measured: the GPU is
    slower,    // measured: the GPU is not
    software,  // the only GPU is a processor that plays one
    missing,   // there is no GPU
    refused,   // the GPU cannot hold this network
    failed,    // the GPU was lost, or its memory ran out; the cpu core went on
  };
  CoreKind asked = CoreKind::cpu;
  CoreKind running = CoreKind::cpu;  // never automatic
  std::string name;                  // of the GPU, or of the instruction set of the cpu core
  Because because = Because::chosen;
  std::string reason;  // a line for people; may be empty
};

struct NetworkOptions {
  CoreKind core = CoreKind::cpu;
  std::uint32_t threads = 1;            // of the cpu core, 1..64; the result never depends on it
  std::string device{};                 // of the webgpu core: a GPU's number or a part of its name; empty: the first
  std::optional<std::uint64_t> seed{};  // replaces the seed of the circuit
  // Neurons from which on the instances of a repeated circuit share one table of synapses; the result never depends on it.
  std::uint64_t share_from = FLUX_SHARE_FROM;
};

struct Spike {
  Tick tick;
  NeuronIndex neuron;
  friend auto operator<=>(const Spike&, const Spike&) = default;
};

// State of one neuron at the end of the last tick, with leak and drifts brought up to that tick.
struct NeuronState {
  std::int32_t level = 0;                // 1/16 level
  std::int32_t threshold = 0;            // 1/256 level, after habituation and potentiation, before modulation
  std::int32_t effective_threshold = 0;  // 1/16 level, after modulation: what the level is compared with (noise aside)
  std::int32_t modulation = 0;           // 1/256 level
  std::int32_t refractory_left = 0;      // ticks in which it will still ignore what arrives
  std::int32_t burst_left = 0;           // spikes of a train still to come
  std::int32_t own_spike_in = 0;         // ticks until it fires by itself (1 = next tick); 0 = not planned
  friend bool operator==(const NeuronState&, const NeuronState&) = default;
};

// A synapse of the flat network. (source, target, type, ordinal) names it; ordinal counts synapses alike in the other three.
struct SynapseView {
  NeuronIndex source = 0;
  NeuronIndex target = 0;
  std::uint32_t ordinal = 0;
  SynapseProperties properties;
  std::int32_t short_term = 0;        // 1/256 weight, now
  std::int32_t long_term = 0;         // 1/256 weight
  std::int32_t effective_weight = 0;  // -128..127, what a spike crossing it now would add
};

struct SynapseRef {
  NeuronIndex source = 0;
  NeuronIndex target = 0;
  SynapseType type = SynapseType::direct;
  std::uint32_t ordinal = 0;
};

struct NetworkCounts {
  std::uint64_t neurons = 0;  // alive
  std::uint64_t synapses = 0;
  std::uint64_t plastic_synapses = 0;
  std::uint64_t graph_bytes = 0;  // connections and types
  std::uint64_t state_bytes = 0;  // levels, timers, spikes in flight, learning
};

// 64-bit hashes; equal on every core, thread count and machine for the same circuit and inputs.
struct NetworkHash {
  std::uint64_t spikes = 0;  // of all (tick, neuron) so far, in order
  std::uint64_t state = 0;   // of the canonical state of all neurons, spikes under way and learned weights
  friend bool operator==(const NetworkHash&, const NetworkHash&) = default;
};

class Network {
 public:
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  // init: makes a network from a circuit, at tick 0, paused.
  static Result<Network> init(const Circuit& circuit, const NetworkOptions& options = {});
  // Opens a circuit file (text or binary, told apart by content); a state saved in it is continued.
  static Result<Network> open(const std::string& path, const NetworkOptions& options = {});
  // The same of a file's bytes in memory; `name` is for messages. `bytes` need not outlive the network.
  static Result<Network> open_bytes(std::string_view bytes, const std::string& name, const NetworkOptions& options = {});

  // --- Time -------------------------------------------------------------------------------------------------------------------
  void run();    // pump() will advance it
  void pause();  // pump() will not
  bool running() const;
  Tick now() const;  // number of ticks computed so far: the tick that comes next
  // Computes `ticks` ticks at once, running or paused. Calls the subscribers after each.
  void step(Tick ticks = 1);
  // Ticks that may be computed at once, 1 by default: subscribers hear of all of them afterwards, in order, and what they stimulate takes
  // effect after the last. Longer periods suit the webgpu core.
  void set_period(Tick ticks);
  // What a person should know of, as that there is no GPU, or that it failed and the cpu core goes on; each message once. Empty: nothing.
  std::string take_notice();
  CoreReport core() const;
  // In a browser, where a GPU computes; else nothing.
  std::optional<GpuState> gpu_state() const;
  // Goes on with another core from the state there is; nothing is lost. `device` as in NetworkOptions; empty: as before. An error tells why
  // the GPU that was asked for does not compute; the cpu core does then.
  Status set_core(CoreKind kind, const std::string& device = {});
  // With CoreKind::automatic, to be called between two pumps or steps: changes the core when a comparison is due and shows that the other
  // is clearly faster. Returns at once when none is due. A comparison computes some ticks with both, at least 30 ms each, and copies the
  // network to the GPU. A software GPU counts only where `device` names it.
  void choose_core();
  bool core_choice_due() const;
  // Pace of pump(): model time per real time in thousandths (1000 = real time); 0 = as fast as possible.
  void set_speed(std::uint32_t thousandths);
  // Advances a running network as far as its pace asks for at `real_microseconds` (any monotonic clock of the host), for at most
  // `budget_microseconds` of the host's time. Returns the number of ticks computed. Ticks that a slow machine could not compute are
  // dropped from the pace, never from the model.
  Tick pump(std::int64_t real_microseconds, std::int64_t budget_microseconds);

  // --- Events -----------------------------------------------------------------------------------------------------------------
  using Subscription = std::uint32_t;
  // on("fire"): after each tick, the neurons that fired in it, in rising order.
  Subscription on_fire(std::function<void(Tick, std::span<const NeuronIndex>)> callback);
  // on("level_change"): after each tick in which the level or modulation of this neuron is not what it was.
  Subscription on_level_change(NeuronIndex neuron, std::function<void(Tick, const NeuronState&)> callback);
  // After each tick, the state of this neuron.
  Subscription on_sample(NeuronIndex neuron, std::function<void(Tick, const NeuronState&)> callback);
  // on("tick"): after each tick, when all the others were told of it.
  Subscription on_tick(std::function<void(Tick)> callback);
  // A named event of the host's own: emit() calls every callback that was given to on() under that name.
  Subscription on(std::string_view event, std::function<void(std::int64_t)> callback);
  void emit(std::string_view event, std::int64_t value);
  void off(Subscription subscription);

  // --- Neurons ----------------------------------------------------------------------------------------------------------------
  std::optional<NeuronIndex> find(std::string_view path_or_alias) const;
  std::string path(NeuronIndex neuron) const;  // empty for a removed neuron
  std::uint32_t size() const;                  // indices are 0..size()-1, removed ones included
  bool exists(NeuronIndex neuron) const;
  NeuronProperties properties(NeuronIndex neuron) const;
  NeuronState state(NeuronIndex neuron) const;
  // Of neurons first .. first + count - 1, zeros for removed ones: on a GPU one look instead of one for each.
  void states(NeuronIndex first, std::uint32_t count, std::vector<NeuronState>& states) const;

  // Stimuli take effect in the next tick; all that reach a neuron in one tick are summed, then saturated.
  Status fire(NeuronIndex neuron);                           // as an electric synapse: unless refractory, it fires
  Status summation(NeuronIndex neuron, std::int32_t value);  // adds to its level (in levels)
  Status modulate(NeuronIndex neuron, std::int32_t value);   // adds to its modulation level (in levels)

  // --- Edits: between two ticks, running or paused; all other state is kept -------------------------------------------------------
  Result<NeuronIndex> add_neuron(const NeuronNode& node);  // a single neuron
  Status update_neuron(NeuronIndex neuron, const NeuronProperties& properties);
  Status remove_neuron(NeuronIndex neuron);  // with all its synapses
  Status add_synapse(NeuronIndex source, NeuronIndex target, const SynapseProperties& properties);
  Status update_synapse(const SynapseRef& synapse, const SynapseProperties& properties);  // learned parts stay while it is plastic
  Status remove_synapse(const SynapseRef& synapse);
  std::vector<SynapseView> afferents(NeuronIndex neuron) const;  // synapses onto it; reads the whole graph
  std::vector<SynapseView> efferents(NeuronIndex neuron) const;  // synapses from it

  // --- Time machine -------------------------------------------------------------------------------------------------------------
  // From now on, what is stimulated and edited is logged and the state is kept now and then: seek() can go back. `most_bytes` bounds the
  // kept states; when it is reached, every other one is dropped, so that going back costs more computing, not memory.
  void record(Tick ticks_between_states = 1000, std::uint64_t most_bytes = std::uint64_t{256} << 20);
  bool recording() const;
  Tick recorded_from() const;  // first tick seek() can go to
  Tick recorded_to() const;    // last one: the furthest that was computed
  // Goes to the moment before tick `t` is computed, in the past or forward again: everything is as it was, bit for bit, edits included.
  // Stepping from there replays what was logged. Whoever stimulates or edits in the past begins another future: the log of the old one
  // ends there. Subscribers stay, and are not called on the way. Ids of neurons added later do not exist at `t`.
  Status seek(Tick t);
  // Why a neuron fired, or did not, in tick `t`, which is recorded or comes next: all that reached it, and what came of it. Costs up to a
  // keyframe of computing; the network is as it was afterwards.
  Result<Explanation> why(NeuronIndex neuron, Tick t);

  // --- The whole ----------------------------------------------------------------------------------------------------------------
  NetworkCounts counts() const;
  NetworkHash hash() const;
  const std::string& title() const;
  const NetworkSettings& settings() const;  // with the seed that is in use
  // The circuit as it is now, with edits and learned long-term parts. Once connections or neurons were edited, fibers are written out as
  // synapses, a population whose neurons differ as single neurons id.0, id.1, ..., and circuits inside it as their neurons
  // ("leg[2]/flexor" as "leg.2.flexor"). Before that, circuits inside it stay as they are written, and what the synapses in them have
  // learned is kept by save() only. That of an edited network whose repeated circuits are too large to be written out is the one it was
  // made from; save() refuses such a network.
  Circuit circuit() const;
  // Saves the circuit and, so that open() continues bit for bit, the state. Written aside, synced, then renamed over `path`. Removed
  // neurons are left out and those after them move up: noise and consolidation, which go by index, then take other turns than they would
  // have.
  Status save(const std::string& path) const;
  // What save() writes.
  Result<std::string> saved_bytes() const;

  struct Impl;  // of the engine's own parts

 private:
  friend class Editor;  // editor.h
  explicit Network(std::unique_ptr<Impl> impl);
  static Result<Network> make(Document&& document, const NetworkOptions& options);
  std::unique_ptr<Impl> impl_;
};

}  // namespace flux
