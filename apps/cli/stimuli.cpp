#include "stimuli.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "failure.h"
#include "table_file.h"

namespace flux::cli {
namespace {

constexpr std::int64_t FLUX_LAST_TICK = std::int64_t{1} << 50;
constexpr std::int64_t FLUX_LARGEST_VALUE = 1'000'000;  // levels; far beyond what one tick's clamp lets through

StimulusKind read_kind(const TableFile& table, const std::string& name) {
  if (name == "direct") return StimulusKind::direct;
  if (name == "modulate") return StimulusKind::modulate;
  if (name == "fire") return StimulusKind::fire;
  table.fail(fmt::format("unknown kind '{}'; the kinds are direct, modulate and fire", name));
}

Stimulus read_stimulus(const TableFile& table, const std::vector<std::string>& fields, const Network& network) {
  Stimulus stimulus;
  stimulus.tick = table.whole_number(fields[0], "tick", 0, FLUX_LAST_TICK);
  if (stimulus.tick < network.now())
    table.fail(fmt::format("tick {} is before the start of the run at tick {}", stimulus.tick, network.now()));
  const auto neuron = network.find(fields[1]);
  if (!neuron) table.fail(fmt::format("there is no neuron '{}'; flux info lists the paths and aliases", fields[1]));
  stimulus.neuron = *neuron;
  stimulus.kind = read_kind(table, fields[2]);
  if (stimulus.kind == StimulusKind::fire && fields[3].empty()) return stimulus;
  stimulus.value = static_cast<std::int32_t>(table.whole_number(fields[3], "value", -FLUX_LARGEST_VALUE, FLUX_LARGEST_VALUE));
  return stimulus;
}

}  // namespace

Stimuli::Stimuli(const std::string& path, const Network& network) {
  TableFile table(path, "tick,neuron,kind,value");
  std::vector<std::string> fields;
  while (table.next(fields)) stimuli_.push_back(read_stimulus(table, fields, network));
  std::stable_sort(stimuli_.begin(), stimuli_.end(), [](const Stimulus& a, const Stimulus& b) { return a.tick < b.tick; });
}

Tick Stimuli::next_tick() const { return left() == 0 ? std::numeric_limits<Tick>::max() : stimuli_[next_].tick; }

void Stimuli::apply(Network& network) {
  for (; next_tick() == network.now(); ++next_) {
    const Stimulus& stimulus = stimuli_[next_];
    switch (stimulus.kind) {
      case StimulusKind::direct:
        ok_or_fail(network.summation(stimulus.neuron, stimulus.value));
        break;
      case StimulusKind::modulate:
        ok_or_fail(network.modulate(stimulus.neuron, stimulus.value));
        break;
      case StimulusKind::fire:
        ok_or_fail(network.fire(stimulus.neuron));
        break;
    }
  }
}

}  // namespace flux::cli
