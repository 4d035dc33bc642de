// What one module runs: a document with its network, and what of its life is on its way to the page.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "editor.h"
#include "flux.h"

namespace flux {

struct Breakpoint {
  enum class On : std::uint32_t { fire, level };
  NeuronIndex neuron = 0;
  On on = On::fire;
  std::int32_t level = 0;  // 1/16 level; reached from below when positive, from above when negative
};

class Session {
 public:
  // Opens a circuit file (text or binary). Recording for the time machine begins at once.
  static Result<std::unique_ptr<Session>> open(std::string_view bytes, const std::string& name, const NetworkOptions& options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Editor& editor() { return editor_; }
  Network& network() { return editor_.network(); }
  const Circuit& circuit() { return editor_.circuit(); }
  // Network::pump and step. On a GPU, ticks are computed in periods of about FLUX_PERIOD_MILLISECONDS, unless a breakpoint is set.
  Tick pump(std::int64_t now_microseconds, std::int64_t budget_microseconds);
  void step(Tick ticks);
  // Whether another core runs, or another reason holds, than when this was last asked.
  bool core_changed();
  // To be called with what an edit, undo, redo or seek did: what is watched follows the neurons.
  void follow(const Applied& applied);
  // To be called after ticks were computed: true when edits of a past that is being replayed have changed the document.
  bool follow_replay();
  // Whether that happened since clear_frame().
  bool replayed() const { return replayed_; }

  // --- For frames: what happened since clear_frame(), ticks modulo 2^32
  static constexpr std::size_t FLUX_MAX_SPIKES = std::size_t{1} << 18;
  static constexpr std::size_t FLUX_MAX_PROBE_TICKS = 4096;
  static constexpr std::size_t FLUX_MAX_PROBES = 64;

  const std::vector<std::uint32_t>& spikes() const { return spikes_; }  // pairs (tick, neuron); the latest FLUX_MAX_SPIKES at least
  std::uint64_t spike_count() const { return spike_count_; }            // all of them
  // For each tick since probe_from() the samples of each probe: level, effective threshold (1/16), modulation (1/256).
  const std::vector<std::int32_t>& probe_samples() const { return probe_samples_; }
  Tick probe_from() const { return probe_from_; }
  std::int32_t stopped_by() const { return stopped_by_; }  // index of a breakpoint; -1: none
  void clear_frame();

  void set_probes(std::vector<NeuronIndex> probes);
  void set_breakpoints(std::vector<Breakpoint> breakpoints);

  // Levels, effective thresholds (1/16) and modulation (1/256) now of neurons first .. first + count - 1, three arrays one after the other;
  // zero for removed ones.
  const std::vector<std::int16_t>& sample_levels(NeuronIndex first, std::uint32_t count);

 private:
  explicit Session(Editor editor);
  void remember_spikes(Tick t, std::span<const NeuronIndex> neurons);
  void after_tick(Tick t);
  void stop(std::size_t breakpoint);
  void subscribe_probes();
  template <class Compute>
  void compute(Compute advance);

  Editor editor_;
  bool replayed_ = false;
  std::vector<std::uint32_t> spikes_;
  std::uint64_t spike_count_ = 0;
  std::vector<NeuronIndex> probes_;
  std::vector<Network::Subscription> probe_subscriptions_;
  std::vector<NeuronState> probed_;  // parallel to probes_: after the last tick
  std::vector<std::int32_t> probe_samples_;
  Tick probe_from_ = 0;
  std::vector<Breakpoint> breakpoints_;
  std::vector<std::int32_t> level_before_;  // per breakpoint, 1/16
  std::int32_t stopped_by_ = -1;
  std::vector<std::int16_t> levels_;
  std::vector<NeuronState> states_;
  Tick gpu_period_ = 1;
  CoreReport reported_;
};

}  // namespace flux
