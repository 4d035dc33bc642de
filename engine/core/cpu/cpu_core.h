// The cpu core. A tick has these phases, each a function:
//
//   prepare   what the wheels hold for the tick is fetched, and its size decides: many active -> all blocks, all threads ("dense");
//             few -> only what is reached, on the calling thread
//   learn     consolidation and pairings whose window closes (per worker)
//   deliver   spikes that arrive add their weights to the worker's accumulators (per worker)
//   gather    own timers, external stimuli, electric and modulatory sums are brought together per neuron
//   evaluate  neurons with something to receive: one by one where they are rich, by vector where they are simple (per range of blocks)
//   commit    spikes enter histories, timers and wheels
//
// Sums commute and every worker owns its rows, so neither the order nor the number of workers can change a result.
#pragma once

#include <memory>
#include <vector>

#include "base/thread_team.h"
#include "core/core.h"
#include "cpu_state.h"
#include "timing_wheel.h"
#include "worker.h"

namespace flux {

class CpuCore final : public Core {
 public:
  CpuCore(std::shared_ptr<Graph> graph, const CpuOptions& options);

  void submit(const Period& period) override { period_ = period; }
  bool collect(PeriodResult& result) override;

  bool take_state(NetworkState& state) override;
  bool take_sample(NeuronIndex neuron, NeuronSample& sample) override;
  bool take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) override;
  Status load_state(const NetworkState& state) override;
  std::uint64_t state_bytes() const override;

  Result<NeuronIndex> add_neuron(const NeuronProperties& properties) override;
  Status set_properties(NeuronIndex neuron, const NeuronProperties& properties) override;
  void remove_neuron(NeuronIndex neuron) override;
  Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) override;
  bool can_move() const override { return true; }
  Status move_neuron(NeuronIndex from, NeuronIndex to, std::span<const SynapseSpec> synapses,
                     std::span<const LearnedWeight> learned) override;

 private:
  // What reaches one neuron beside direct stimuli.
  struct Special {
    NeuronIndex neuron;
    bool own_timer = false;
    std::int64_t modulator = 0;
    std::int64_t electric = 0;
  };

  // --- A tick (cpu_core.cpp)
  void tick(Tick t, std::span<const Stimulus> stimuli, std::vector<NeuronIndex>& spikes);
  void learn_and_deliver(Tick t, bool dense, std::uint64_t events);
  const std::int32_t* pair_gates(Tick t, std::uint64_t due);
  void gather_stimuli(Tick t, std::span<const Stimulus> stimuli);
  void gather_direct(Tick t, std::vector<Stimulus>& direct);
  void gather_large(Tick t, std::vector<Stimulus>& direct);
  void gather_specials(Tick t);
  void evaluate_specials(Tick t, std::vector<NeuronIndex>& spikes);
  void evaluate_blocks(Tick t, bool dense, std::vector<NeuronIndex>& spikes);
  void prefetch_block(Tick t, std::uint32_t block);
  void evaluate_block(Tick t, std::uint32_t block, std::uint32_t workers, std::vector<NeuronIndex>& spikes);
  bool evaluate_rich(Tick t, NeuronIndex neuron, const rule::Stimuli& stimuli, bool own_timer);
  void fire_forced(Tick t, std::vector<NeuronIndex>& spikes);
  void commit(Tick t, std::span<const NeuronIndex> spikes);
  void depart(Tick t, std::span<const NeuronIndex> spikes, std::uint32_t member);
  void plan_own_spike(NeuronIndex neuron, Tick at);
  std::int64_t take_direct(Tick t, NeuronIndex neuron);

  // --- State (cpu_core_state.cpp)
  void fit_arrays();
  void classify(std::uint32_t block);
  void advance_block(std::uint32_t block, Tick t);
  rule::Neuron neuron_at(NeuronIndex neuron, Tick t) const;  // advanced to t >= its own time
  void set_neuron(NeuronIndex neuron, const rule::Neuron& value, Tick t);
  Tick own_spike_of(NeuronIndex neuron, Tick t) const;  // the tick, `t` or later, at which it fires by itself; -1 = none
  bool is_at_rest(NeuronIndex neuron) const;
  void init_neurons();
  void init_neuron(NeuronIndex neuron);
  void finish_edit();
  void set_learned(NeuronIndex source, std::span<const LearnedWeight> learned);
  void renew_stamps();

  Worker& worker_of(NeuronIndex source) { return *workers_[source % workers_.size()]; }

  CpuState state_;
  ThreadTeam team_;
  std::vector<std::unique_ptr<Worker>> workers_;  // one per member of the team
  TimingWheel<NeuronIndex> timers_;               // own spikes: auto-firing and the rest of trains
  Period period_;

  // Of the tick under way; kept so that their memory is.
  std::vector<NeuronIndex> due_;
  std::vector<Special> specials_;
  std::vector<Stimulus> direct_stimuli_;
  std::vector<NeuronIndex> forced_;              // simple neurons that fire without looking at their level
  std::vector<std::vector<NeuronIndex>> fired_;  // per member of the team
  Array<std::int32_t> pair_gate_;
};

}  // namespace flux
