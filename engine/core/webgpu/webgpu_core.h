// The webgpu core. A tick is three or four kernels (docs/webgpu-core.md takes a newcomer through one):
//
//   stimulate  stimuli from outside, where the tick has any
//   claim, learn  plastic networks: consolidation, and pairings whose window closes
//   deliver    spikes under way that arrive add their weights to sums; once for each part of the synapse table
//   evaluate   neurons with something to receive, or whose timer is due; spikes into the log
//
// Ticks are submitted in batches, and nothing is read back in between; at a batch's end its spikes are put in order. While the host takes
// them over, the next batch is computed. All sums are zero between two ticks, and spikes under way are named by when they left, so what is
// kept is the canonical state.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/core.h"
#include "kernels.h"
#include "synapse_table.h"

namespace flux::webgpu {

// A state on its way to the host.
struct StateRead {
  std::vector<ReadId> reads;                  // neurons, history, log (sources, then ticks), parts of the table
  std::vector<std::vector<std::byte>> bytes;  // of those that are there, in this order
  std::size_t log_reads = 0;
};

class WebGpuCore final : public Core {
 public:
  // Refuses a network that this GPU cannot hold.
  static Result<std::unique_ptr<WebGpuCore>> make(std::shared_ptr<Graph> graph, std::shared_ptr<Gpu> gpu);
  ~WebGpuCore() override;

  void submit(const Period& period) override;
  bool collect(PeriodResult& result) override;

  bool take_state(NetworkState& state) override;
  bool take_sample(NeuronIndex neuron, NeuronSample& sample) override;
  bool take_samples(NeuronIndex first, std::uint32_t count, std::vector<NeuronSample>& samples) override;
  bool take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) override;
  Status load_state(const NetworkState& state) override;
  std::uint64_t state_bytes() const override;
  Status status() const override;
  const GpuInfo* gpu() const override { return &gpu_->info(); }
  std::optional<GpuState> gpu_state() const override;

  Result<NeuronIndex> add_neuron(const NeuronProperties& properties) override;
  Status set_properties(NeuronIndex neuron, const NeuronProperties& properties) override;
  void remove_neuron(NeuronIndex neuron) override;
  Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) override;

  Device& device() { return device_; }

 private:
  // What is made anew for each of two batches that may be under way at a time.
  struct Lane {
    BufferId stimuli = 0, fired = 0, ordered = 0, samples = 0;
    GroupId stimulate_group = 0, evaluate_group = 0, order_group = 0, sample_group = 0;
    std::uint64_t stimuli_capacity = 0, fired_capacity = 0, ordered_capacity = 0, samples_capacity = 0;  // elements
  };
  struct Batch {
    Tick first = 0;
    std::uint32_t ticks = 0;
    std::uint32_t lane = 0;
    ReadId heads = 0, spikes = 0, samples = 0;
    std::uint64_t guessed = 0;             // spikes that are read without knowing how many there are
    std::uint64_t worst = 0;               // spikes that there can be
    std::vector<std::uint32_t> tick_ends;  // spikes since the batch began, at the end of each tick; empty until known
    bool reading_rest = false;
    std::chrono::steady_clock::time_point submitted;
  };
  template <class Key>
  struct PendingRead {
    Key key{};
    ReadId read = 0;  // 0: none
  };

  WebGpuCore(std::shared_ptr<Graph> graph, std::shared_ptr<Gpu> gpu);

  // --- Periods (webgpu_core.cpp)
  bool queue_batch();
  std::uint32_t choose_ticks();
  std::uint64_t worst_spikes(std::uint32_t ticks) const;
  bool batch_fits(std::uint64_t under_way, std::uint64_t spikes, std::uint64_t samples) const;
  void write_stimuli(const Batch& batch, std::vector<TickUniform>& ticks);
  void append_stimuli(std::span<const Stimulus> stimuli, std::vector<GpuStimulus>& list) const;
  void record_ticks(const Batch& batch, const std::vector<TickUniform>& ticks);
  bool finish_batch(Batch& batch, PeriodResult& result);
  // The list that has a batch's spikes in order: those of a single block come in order.
  BufferId spikes_of(const Lane& lane) const { return network_.blocks > 1 ? lane.ordered : lane.fired; }
  void settle(Tick now);

  // --- Buffers (webgpu_core_buffers.cpp)
  std::uint64_t most_neurons() const;  // that fit into one of this GPU's buffers
  Status build();
  void fit_to_graph();
  void reserve_neurons();
  void reserve_log(std::uint64_t spikes);
  void reserve_lane(Lane& lane, std::uint64_t stimuli, std::uint64_t fired, std::uint64_t samples);
  bool find_ages();
  bool choose_kernels();
  void bind();
  void unbind();
  void write_network();
  void write_types();
  void write_type(NeuronIndex neuron);
  void write_control();
  void count_refractory_period(NeuronIndex neuron, int sign);
  template <class T>
  void write(BufferId buffer, std::uint64_t offset, std::span<const T> values) {
    device_.write(buffer, offset, std::as_bytes(values));
  }
  template <class T>
  void write(BufferId buffer, std::uint64_t offset, const T& value) {
    device_.write(buffer, offset, std::as_bytes(std::span(&value, 1)));
  }
  // A larger, zeroed buffer takes the place of this one; the first `kept` bytes stay.
  void replace_buffer(BufferId& buffer, std::uint64_t bytes, std::uint64_t kept);

  // --- State (webgpu_core_state.cpp)
  void write_state(const NetworkState& state);
  NetworkState initial_state() const;
  void write_departures(const std::vector<Departure>& departures);
  void read_log(std::vector<ReadId>& reads);
  void forget_departures(NeuronIndex source, std::int64_t limit);
  void run_once(PipelineId pipeline, std::initializer_list<BufferId> buffers, const TickUniform& tick, std::uint32_t workgroups);
  NeuronSample sample_of(const GpuNeuron& neuron, NeuronIndex index) const;
  void write_neuron(NeuronIndex neuron, const GpuNeuron& value);
  std::uint32_t device_type(NeuronIndex neuron) const;

  std::shared_ptr<Gpu> gpu_;
  Device& device_;
  Status trouble_;  // of an edit that the device had no room for
  SynapseTable table_;
  Kernels kernels_;
  KernelOptions options_;
  NetworkUniform network_;
  std::uint32_t workgroups_ = 1;  // of kernels that share their work out

  BufferId network_buffer_ = 0, ticks_buffer_ = 0, neurons_ = 0, history_ = 0, types_ = 0, rows_ = 0, log_ = 0, control_ = 0, sums_ = 0,
           tasks_ = 0, probes_ = 0;
  std::uint64_t tasks_capacity_ = 0, probes_capacity_ = 0, types_capacity_ = 0, history_capacity_ = 0;
  std::uint64_t ages_version_ = ~std::uint64_t{0};  // of the table's visits that the constants are made for
  Lane lanes_[2];
  std::vector<GroupId> deliver_groups_;                               // one for FLUX_PARTS parts of the table
  std::vector<GroupId> claim_groups_, learn_groups_, settle_groups_;  // one for each part
  std::size_t bound_parts_ = 0;
  GroupId settle_neurons_group_ = 0;
  bool bound_ = false;
  bool network_written_ = false;

  // Spikes under way.
  std::uint32_t head_ = 0;                     // of the log, once all batches are in
  std::deque<std::uint32_t> tick_counts_;      // spikes of the last ticks, newest last; as many ticks as the oldest spike of use
  std::uint64_t live_ = 0;                     // their sum
  std::uint32_t longest_age_ = 0;              // ticks after which no spike is of use
  std::uint32_t extra_jitter_ = 0;             // ticks by which spikes of a loaded state leave later than jitter alone explains
  bool double_departures_ = false;             // a loaded state has two spikes of a source that leave together
  std::uint64_t refractory_counts_[256] = {};  // neurons by refractory period

  // The period under way.
  Period period_;
  Tick queued_ = 0;  // ticks of it that were submitted
  std::size_t next_stimulus_ = 0;
  std::deque<Batch> batches_;
  std::uint32_t next_lane_ = 0;
  double seconds_per_tick_ = 0;  // measured
  double spikes_per_tick_ = 0;
  std::vector<std::byte> bytes_;

  std::optional<StateRead> state_read_;
  PendingRead<std::pair<NeuronIndex, std::uint32_t>> samples_read_;  // first, count
  PendingRead<NeuronIndex> learned_read_;
};

}  // namespace flux::webgpu
