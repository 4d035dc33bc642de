// One interface for all computational cores: they are driven in periods by submit and collect, and never block, since a browser or a
// GPU's queue cannot wait. Between two periods their state can be taken, given and edited. All cores compute the same bits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/gpu_state.h"
#include "core/rule.h"
#include "graph/graph.h"
#include "graph/state.h"

namespace flux {

struct Stimulus {
  enum class Kind : std::uint8_t {
    direct,    // adds `value` levels to the direct sum
    modulate,  // adds `value` levels to the modulator sum
    fire,      // counts as an electric stimulus; `value` is not used
  };
  Tick tick = 0;
  NeuronIndex neuron = 0;
  Kind kind = Kind::direct;
  std::int32_t value = 0;
};

// One neuron's state at the end of a tick.
struct NeuronSample {
  rule::Neuron neuron;
  std::uint32_t own_spike_in = 0;  // ticks until it fires by itself; 0 = not planned
  friend bool operator==(const NeuronSample&, const NeuronSample&) = default;
};

// What a core is asked to compute: `ticks` ticks from its present one. The spans must stay valid until collect() has succeeded.
struct Period {
  Tick ticks = 1;
  std::span<const Stimulus> stimuli;    // by rising tick, all within the period
  std::span<const NeuronIndex> probes;  // neurons to sample at the end of every tick
};

struct PeriodResult {
  std::vector<std::uint32_t> spike_counts;  // per tick
  std::vector<NeuronIndex> spikes;          // tick after tick, rising within each
  std::vector<NeuronSample> samples;        // tick after tick, in the order of the probes
};

// A GPU as a person chooses it.
struct GpuInfo {
  std::string name, driver, backend;
  bool software = false;             // a processor that plays a GPU: slower than the cpu core
  std::uint64_t memory_bytes = 0;    // 0: it does not tell
  std::uint64_t largest_buffer = 0;  // bytes that a kernel can be given at once
};

// WebAssembly checks the signature of every call through a table of virtual functions: whoever emits the table must know these types whole.
static_assert(alignof(std::span<const SynapseSpec>) == alignof(std::span<const LearnedWeight>) && alignof(Result<NeuronIndex>) >= 1);

class Core {
 public:
  virtual ~Core() = default;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  Tick now() const { return now_; }  // the tick that comes next
  // Bad once the core cannot go on, as when a GPU is lost: collect() and take_*() are false from then on.
  virtual Status status() const { return {}; }
  // What a person should know of, as that a GPU failed and another core goes on; each message once. Empty: nothing.
  virtual std::string take_notice() { return {}; }
  // The GPU that computes; null: a processor does.
  virtual const GpuInfo* gpu() const { return nullptr; }
  // Nothing where no GPU computes, or where nobody but the engine can use its buffers. Good until the next edit or period.
  virtual std::optional<GpuState> gpu_state() const { return std::nullopt; }
  const Graph& graph() const { return *graph_; }

  // Begins a period; the one before must have been collected. Returns at once.
  virtual void submit(const Period& period) = 0;
  // False while the period is under way: call again later. True: `result` holds it (its vectors are reused), now() is past it.
  virtual bool collect(PeriodResult& result) = 0;

  // --- Between two periods. take_*: false while the state is on its way to the host: call again later ---------------------------------
  virtual bool take_state(NetworkState& state) = 0;  // all but spike_count and spike_hash
  virtual bool take_sample(NeuronIndex neuron, NeuronSample& sample) = 0;
  // Of neurons first .. first + count - 1, zeros for removed ones: on a GPU one look instead of one for each.
  virtual bool take_samples(NeuronIndex first, std::uint32_t count, std::vector<NeuronSample>& samples) {
    samples.assign(count, {});
    for (std::uint32_t i = 0; i < count; ++i) {
      if (graph_->exists(first + i) && !take_sample(first + i, samples[i])) return false;
    }
    return true;
  }
  // Learned parts of a source's plastic synapses in the order of its row, faded to the last tick.
  virtual bool take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) = 0;
  // Continues from a state of the same graph. Refuses, unchanged, one that does not fit it.
  virtual Status load_state(const NetworkState& state) = 0;
  virtual std::uint64_t state_bytes() const = 0;

  // --- Edits: they change the graph and keep all state they do not speak of ------------------------------------------------------------
  virtual Result<NeuronIndex> add_neuron(const NeuronProperties& properties) = 0;
  virtual Status set_properties(NeuronIndex neuron, const NeuronProperties& properties) = 0;
  virtual void remove_neuron(NeuronIndex neuron) = 0;  // its row is empty and no synapse leads to it
  // `learned` has one element for each synapse (ignored for static ones). Spikes under way go on along the new row.
  virtual Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) = 0;
  // Whether move_neuron() may be called.
  virtual bool can_move() const { return false; }
  // Of (from, to, synapses, learned): `to`, just added with the properties of `from`, goes on in its place: with its state, and its spikes
  // under way along a row of its own. The row of `from` becomes empty; it is to be removed.
  virtual Status move_neuron(NeuronIndex, NeuronIndex, std::span<const SynapseSpec>, std::span<const LearnedWeight>) { return {}; }

 protected:
  explicit Core(std::shared_ptr<Graph> graph) : graph_(std::move(graph)) {}
  std::shared_ptr<Graph> graph_;  // edited through this core alone
  Tick now_ = 0;
};

// Whether a state fits a graph: sizes, ranges, spikes under way.
Status check_state(const Graph& graph, const NetworkState& state);

// What a neuron goes on from when its properties change, as Core::set_properties does it.
NeuronSample refitted(NeuronSample sample, const NeuronProperties& before, const NeuronProperties& after);

// Learned parts of the plastic ones among `synapses`, in the order in which the graph's row has them.
std::vector<LearnedWeight> in_row_order(std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned);

// The model as plainly as it can be written: one object per neuron and synapse, every rule a function of rule.h. Slow; it defines the
// result of all others.
std::unique_ptr<Core> make_reference_core(std::shared_ptr<Graph> graph);

struct CpuOptions {
  std::uint32_t threads = 1;  // 1..64; never changes the result
};
// Vectorised and threaded; costs by the spikes when few neurons are active, by blocks when many are.
std::unique_ptr<Core> make_cpu_core(std::shared_ptr<Graph> graph, const CpuOptions& options = {});
struct WebGpuOptions {
  std::string device;  // its number or a part of its name, as list_gpus() tells them; empty: the first
};
// On a GPU, through WebGPU. Refuses a network that the GPU cannot hold, and tells why when there is none.
Result<std::unique_ptr<Core>> make_webgpu_core(std::shared_ptr<Graph> graph, const WebGpuOptions& options = {});
// Goes on with the cpu core where `primary`, a core of the same graph, fails: it keeps a state now and then and what was put in since, and
// computes that once more. The results are the same, only later.
std::unique_ptr<Core> make_failover_core(std::shared_ptr<Graph> graph, std::unique_ptr<Core> primary, const CpuOptions& options);

// Those that make_webgpu_core() can use, or why there are none.
Result<std::vector<GpuInfo>> list_gpus();
// Name of the instruction set the cpu core chose on this machine ("AVX3", "NEON", ...).
const char* cpu_core_target();

}  // namespace flux
