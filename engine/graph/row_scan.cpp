#include "row_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "base/thread_team.h"

namespace flux {

namespace {

constexpr std::uint64_t FLUX_WORDS_PER_THREAD = std::uint64_t{1} << 24;  // below, threads cost more than they gain
constexpr std::uint32_t FLUX_MOST_THREADS = 64;

// Most that can arrive at one neuron in one tick, by sign; both are magnitudes.
struct Inflow {
  std::uint64_t excitation = 0, inhibition = 0;
};

class Scan {
 public:
  Scan(const GraphColumns& columns, Word target_mask, Array<Inflow>& inflow, std::atomic<std::uint64_t>& unscanned, bool is_shared)
      : columns_(columns), target_mask_(target_mask), inflow_(inflow), unscanned_(unscanned), is_shared_(is_shared) {}

  Status scan(NeuronIndex first, NeuronIndex end) {
    for (NeuronIndex source = first; source < end; ++source) {
      if (Status status = scan_row(source); !status) return status;
    }
    return {};
  }
  const RowSums& sums() const { return sums_; }

 private:
  // Checks a row word by word and adds what it can bring to each target.
  Status scan_row(NeuronIndex source) {
    std::uint64_t at = columns_.row_of[source];
    if (at == FLUX_NO_ROW) return {};
    const std::uint64_t end = columns_.words.size();
    const Word* words = columns_.words.data();
    std::uint64_t ticks = 0;
    for (bool more = true; more;) {
      if (at >= end) return broken_graph(fmt::format("the row of neuron {} leaves the table", source));
      const auto header = SublistHeader::decode(words[at]);
      ticks += header.delta;
      more = header.more;
      const std::uint64_t size = std::uint64_t{header.prefix()} + header.count;
      if (header.count == 0 || header.type > SynapseType::electric || end - at < size || ticks == 0 || ticks > 65535) {
        return broken_graph(fmt::format("the row of neuron {}", source));
      }
      if (!take(size)) return broken_graph(fmt::format("the row of neuron {} overlaps another", source));
      const bool grouped = header.type == SynapseType::direct && !header.plastic;
      if (grouped && (ticks - 1) % columns_.delay_group != 0) return broken_graph(fmt::format("a delay in the row of neuron {}", source));
      if (header.plastic) {
        const std::uint64_t learned = words[at + 2];
        if ((words[at + 1] >> 24) != 0 || (words[at + 1] & 0xffu) == 0 || learned + 1 + header.count > columns_.learned_words) {
          return broken_graph(fmt::format("a plastic synapse of neuron {}", source));
        }
        sums_.plastic += header.count;
      }
      if (!add_synapses(header, words + at + header.prefix(), grouped)) {
        return broken_graph(fmt::format("a synapse of neuron {} has no target", source));
      }
      sums_.has_type[static_cast<std::size_t>(header.type)] = true;
      sums_.synapses += header.count;
      sums_.longest_delta = std::max<std::uint64_t>(sums_.longest_delta, header.delta);
      sums_.longest_length = std::max<std::uint64_t>(sums_.longest_length, ticks + (grouped ? columns_.delay_group - 1 : 0));
      at += size;
    }
    return {};
  }

  // Rows do not overlap, so there are no more words to look at than the table has: hostile rows could take hours otherwise.
  bool take(std::uint64_t words) {
    std::uint64_t left = unscanned_.load(std::memory_order_relaxed);
    do {
      if (words > left) return false;
    } while (!unscanned_.compare_exchange_weak(left, left - words, std::memory_order_relaxed));
    return true;
  }

  // False when a target or a lag is out of range.
  bool add_synapses(const SublistHeader& header, const Word* first, bool grouped) {
    constexpr Word FLUX_FIELD_MASK = (1u << FLUX_TARGET_BITS) - 1;
    for (const Word* word = first; word != first + header.count; ++word) {
      const NeuronIndex target = *word & target_mask_ & FLUX_FIELD_MASK;
      const std::uint32_t lag = (*word & FLUX_FIELD_MASK) >> columns_.lag_shift;
      if (target >= columns_.neuron_count || lag >= (grouped ? columns_.delay_group : 1u)) return false;
      if (header.type != SynapseType::direct) continue;
      const std::int32_t weight = static_cast<std::int32_t>(*word) >> 24;
      // A plastic weight may come to be anything of its sign.
      if (weight >= 0) {
        add(inflow_[target].excitation, header.plastic ? 127u : static_cast<std::uint32_t>(weight));
      } else {
        add(inflow_[target].inhibition, header.plastic ? 128u : static_cast<std::uint32_t>(-weight));
      }
    }
    return true;
  }

  void add(std::uint64_t& sum, std::uint32_t value) const {
    if (is_shared_) {
      std::atomic_ref<std::uint64_t>(sum).fetch_add(value, std::memory_order_relaxed);
    } else {
      sum += value;
    }
  }

  const GraphColumns& columns_;
  const Word target_mask_;
  Array<Inflow>& inflow_;
  std::atomic<std::uint64_t>& unscanned_;
  const bool is_shared_;  // by several threads
  RowSums sums_;
};

Result<RowSums> scan_with(const GraphColumns& columns, Word target_mask, std::uint32_t threads) {
  Array<Inflow> inflow(columns.neuron_count);
  if (inflow.size() != columns.neuron_count) return Error{"memory ran out", "", "use a smaller network or a machine with more memory"};
  std::atomic<std::uint64_t> unscanned = columns.words.size();
  ThreadTeam team(threads);
  std::vector<Scan> scans(team.size(), Scan(columns, target_mask, inflow, unscanned, team.size() > 1));
  std::vector<Status> outcomes(team.size());
  team.run([&](std::uint32_t member) {
    const auto begin_of = [&](std::uint64_t share) { return static_cast<NeuronIndex>(columns.neuron_count * share / team.size()); };
    outcomes[member] = scans[member].scan(begin_of(member), begin_of(member + 1));
  });
  RowSums all;
  for (std::uint32_t member = 0; member < team.size(); ++member) {
    if (!outcomes[member]) return outcomes[member].error();
    const RowSums& sums = scans[member].sums();
    all.synapses += sums.synapses;
    all.plastic += sums.plastic;
    for (std::size_t type = 0; type < 3; ++type) all.has_type[type] = all.has_type[type] || sums.has_type[type];
    all.longest_delta = std::max(all.longest_delta, sums.longest_delta);
    all.longest_length = std::max(all.longest_length, sums.longest_length);
  }
  for (const Inflow& sum : inflow.span()) {
    all.inflow_bound = std::max(all.inflow_bound, static_cast<std::int64_t>(std::max(sum.excitation, sum.inhibition)));
  }
  return all;
}

}  // namespace

Error broken_graph(std::string what) {
  return Error{"the graph does not hold together: " + std::move(what), "", "make it again from its circuit"};
}

Result<RowSums> scan_rows(const GraphColumns& columns, Word target_mask) {
  const std::uint64_t wanted = std::max<std::uint64_t>(1, columns.words.size() / FLUX_WORDS_PER_THREAD);
  const auto threads = static_cast<std::uint32_t>(std::min<std::uint64_t>({wanted, ThreadTeam::processors(), FLUX_MOST_THREADS}));
  auto sums = scan_with(columns, target_mask, threads);
  // Which of several faults a thread meets first is chance: one thread alone finds that of the first neuron.
  if (!sums && threads > 1) return scan_with(columns, target_mask, 1);
  return sums;
}

}  // namespace flux
