#include "bare_arrival_loop.h"

#include <numeric>
#include <thread>

#include "measure.h"

namespace flux::bench {

BareArrivalLoop::BareArrivalLoop(const RandomNetworkOptions& options, std::uint32_t rate, std::uint32_t threads)
    : neurons_(options.neurons), threads_(threads) {
  const std::uint64_t count = std::uint64_t{options.neurons} * options.fanout;
  begin_ = Array<std::uint64_t>(std::uint64_t{options.neurons} * FLUX_LONGEST + 1);
  Array<std::uint32_t> synapses(count);
  if (begin_.size() == 0 || synapses.size() != count) return;
  std::uint64_t next = 0;
  std::vector<std::uint32_t> by_length[FLUX_LONGEST];
  for (NeuronIndex source = 0; source < options.neurons; ++source) {
    for (std::uint32_t k = 0; k < options.fanout; ++k) {
      const RandomSynapse synapse = random_synapse(options, source, k);
      by_length[synapse.length - 1].push_back(static_cast<std::uint32_t>(synapse.weight) << 24 | synapse.target);
    }
    for (std::uint32_t d = 0; d < FLUX_LONGEST; ++d) {
      begin_[std::uint64_t{source} * FLUX_LONGEST + d] = next;
      for (std::uint32_t word : by_length[d]) synapses[next++] = word;
      by_length[d].clear();
    }
  }
  begin_[begin_.size() - 1] = next;
  synapses_ = std::move(synapses);
  std::vector<Stimulus> drive;
  spikes_.assign(threads, std::vector<std::vector<NeuronIndex>>(FLUX_SPIKE_TICKS));
  for (std::uint32_t t = 0; t < FLUX_SPIKE_TICKS; ++t) {
    drive.clear();
    append_drive(options.seed, t, options.neurons, rate, drive);
    for (const Stimulus& spike : drive) spikes_[spike.neuron % threads][t].push_back(spike.neuron);
  }
  for (std::uint32_t i = 0; i < threads; ++i) sums_.emplace_back(options.neurons);
}

std::uint64_t BareArrivalLoop::run_thread(std::uint32_t thread, double seconds) {
  constexpr std::size_t FLUX_AHEAD = 8;  // spikes ahead whose synapses are fetched
  const Stopwatch watch;
  std::int16_t* sums = sums_[thread].data();
  const std::uint32_t* synapses = synapses_.data();
  std::uint64_t events = 0;
  for (std::uint32_t t = FLUX_LONGEST; watch.seconds() < seconds; ++t) {
    for (std::uint32_t d = 0; d < FLUX_LONGEST; ++d) {
      const std::vector<NeuronIndex>& spikes = spikes_[thread][(t - d - 1) % FLUX_SPIKE_TICKS];
      for (std::size_t i = 0; i < spikes.size(); ++i) {
        if (i + 2 * FLUX_AHEAD < spikes.size())
          __builtin_prefetch(begin_.data() + std::uint64_t{spikes[i + 2 * FLUX_AHEAD]} * FLUX_LONGEST + d);
        if (i + FLUX_AHEAD < spikes.size()) {
          const std::uint64_t* ahead = begin_.data() + std::uint64_t{spikes[i + FLUX_AHEAD]} * FLUX_LONGEST + d;
          for (std::uint64_t at = ahead[0]; at < ahead[1]; at += 16) __builtin_prefetch(synapses + at);
        }
        const std::uint64_t* range = begin_.data() + std::uint64_t{spikes[i]} * FLUX_LONGEST + d;
        for (std::uint64_t at = range[0]; at < range[1]; ++at) {
          std::int16_t& sum = sums[synapses[at] & 0xffffffu];
          sum = static_cast<std::int16_t>(sum + (static_cast<std::int32_t>(synapses[at]) >> 24));
        }
        events += range[1] - range[0];
      }
    }
  }
  return events;
}

double BareArrivalLoop::run(double seconds) {
  std::vector<std::uint64_t> events(threads_);
  std::vector<std::thread> others;
  const Stopwatch watch;
  for (std::uint32_t i = 1; i < threads_; ++i) others.emplace_back([&, i] { events[i] = run_thread(i, seconds); });
  events[0] = run_thread(0, seconds);
  for (std::thread& other : others) other.join();
  return static_cast<double>(std::accumulate(events.begin(), events.end(), std::uint64_t{0})) / watch.seconds();
}

}  // namespace flux::bench
