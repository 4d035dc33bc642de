// What makes a circuit impossible to build. What merely looks unintended is in check_warnings.cpp.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "check_circuit.h"
#include "circuit/elaborate.h"
#include "circuit/identifier.h"
#include "elaborator.h"
#include "fiber_grid.h"
#include "fiber_rows.h"
#include "findings.h"
#include "fmt/format.h"

namespace flux {
namespace {

using Element = Finding::Element;

// Upper estimates of what a network takes, in bytes: a synapse alone in its sublist, with learned state where it is plastic; type, row,
// state and timers of a neuron.
constexpr std::uint64_t FLUX_STATIC_SYNAPSE_BYTES = 8;
constexpr std::uint64_t FLUX_PLASTIC_SYNAPSE_BYTES = 20;
constexpr std::uint64_t FLUX_NEURON_BYTES = 64;
constexpr std::uint64_t FLUX_REPEATED_NEURON_BYTES = 20;
// More pairs than this are not drawn one by one: that would take minutes.
constexpr std::uint64_t FLUX_MAX_PAIRS = std::uint64_t{1} << 38;
constexpr std::uint64_t FLUX_MAX_NEAR = 65536;  // targets within the radius: the sum of their closeness fits 32 bits
constexpr std::size_t FLUX_MAX_KERNEL = 65536;  // offsets

class ErrorCheck {
 public:
  ErrorCheck(const Circuit& circuit, CircuitRole role, Findings& findings) : circuit_(circuit), role_(role), findings_(findings) {}

  void run() {
    if (role_ != CircuitRole::placed) check_circuit();
    check_neurons();
    for (std::size_t i = 0; i < circuit_.synapses.size() && !findings_.full(); ++i) check_synapse(i);
    bool sound = true;
    for (std::size_t i = 0; i < circuit_.fibers.size() && !findings_.full(); ++i) sound &= check_fiber(i);
    if (role_ != CircuitRole::in_tree && sound && neurons_ - repeated_neurons_ <= FLUX_MAX_NEURONS) check_size();
  }

 private:
  void check_circuit() {
    const NetworkSettings& settings = circuit_.settings;
    if (settings.tick_microseconds < 100 || settings.tick_microseconds > 10000) {
      findings_.error(Element::circuit, 0, fmt::format("a tick of {} us is outside 100..10000 us", settings.tick_microseconds),
                      "choose a tick from 0.1ms to 10ms");
    }
    if (!is_utf8(circuit_.title) || !is_utf8(circuit_.description) || !is_comment_text(circuit_.comment)) {
      findings_.error(Element::circuit, 0, "the title, description or comment of the circuit is not plain UTF-8 text",
                      "save it as UTF-8 without control characters");
    }
  }

  void check_neurons() {
    std::unordered_set<std::string_view> ids;
    ids.reserve(circuit_.neurons.size());
    std::unordered_map<std::string_view, std::size_t> owner_of_alias;
    std::size_t passing = 0;  // the node with which the limit is passed, if it is
    for (std::size_t i = 0; i < circuit_.neurons.size() && !findings_.full(); ++i) {
      const NeuronNode& node = circuit_.neurons[i];
      if (neurons_ - repeated_neurons_ <= FLUX_MAX_NEURONS) passing = i;
      neurons_ += node.size();
      if (node.repeated) {  // its parts were checked in the tree
        repeated_neurons_ += node.size();
        continue;
      }
      if (role_ != CircuitRole::placed) check_names(i, node, ids, owner_of_alias);
      check_neuron_values(i, node);
    }
    if (neurons_ - repeated_neurons_ > FLUX_MAX_NEURONS) {
      findings_.error(Element::neuron, passing, fmt::format("{} neurons are more than the limit of {}", neurons_, FLUX_MAX_NEURONS),
                      "make populations smaller");
    }
  }

  void check_names(std::size_t index, const NeuronNode& node, std::unordered_set<std::string_view>& ids,
                   std::unordered_map<std::string_view, std::size_t>& owner_of_alias) {
    if (const auto problem = identifier_problem(node.id)) {
      findings_.error(Element::neuron, index, fmt::format("the id {}", *problem), "give it a short name of letters, digits and spaces");
    } else if (!ids.insert(node.id).second) {
      findings_.error(Element::neuron, index, fmt::format("the id \"{}\" is used twice", node.id), "give each neuron an id of its own");
    }
    check_alias(owner_of_alias, index, node.input_alias, "inputAlias");
    check_alias(owner_of_alias, index, node.output_alias, "outputAlias");
  }

  void check_alias(std::unordered_map<std::string_view, std::size_t>& owner_of_alias, std::size_t index, const std::string& alias,
                   std::string_view key) {
    if (alias.empty()) return;
    if (const auto problem = identifier_problem(alias)) {
      findings_.error(Element::neuron, index, fmt::format("{} {}", key, *problem), "give it a short name of letters, digits and spaces");
      return;
    }
    const auto [entry, is_new] = owner_of_alias.emplace(alias, index);
    if (is_new || entry->second == index) return;
    findings_.error(Element::neuron, index,
                    fmt::format("the alias \"{}\" is already that of neuron \"{}\"", alias, circuit_.neurons[entry->second].id),
                    "give each input and output an alias of its own");
  }

  void check_neuron_values(std::size_t index, const NeuronNode& node) {
    const NeuronProperties& p = node.properties;
    if (node.count > FLUX_MAX_NEURONS) {
      findings_.error(Element::neuron, index,
                      fmt::format("a population of {} exceeds the limit of {} neurons", node.count, FLUX_MAX_NEURONS), "make it smaller");
    }
    if (node.width > 0 && (node.count == 0 || node.count % node.width != 0)) {
      findings_.error(Element::neuron, index, fmt::format("{} neurons do not fill rows of {}", node.size(), node.width),
                      "choose a width that divides count");
    }
    if (p.threshold == 0 || p.min_threshold == 0 || p.max_threshold == 0) {
      findings_.error(Element::neuron, index, "a threshold of 0 is outside 1..255", "choose a threshold from 1 to 255");
    } else if (p.min_threshold > p.threshold || p.max_threshold < p.threshold) {
      findings_.error(Element::neuron, index,
                      fmt::format("minThreshold {}, threshold {} and maxThreshold {} are not in rising order", p.min_threshold, p.threshold,
                                  p.max_threshold),
                      "choose minThreshold <= threshold <= maxThreshold");
    }
    if (p.modulation_targets > (modulates_threshold | modulates_learning)) {
      findings_.error(Element::neuron, index, "modulates names something unknown", "use threshold, learning, both or none");
    }
    if (!is_on_canvas(node.position, node.extent)) {
      findings_.error(Element::neuron, index, "its position or size is not a finite number", "place it again");
    }
    if (!is_utf8(node.input_description) || !is_utf8(node.output_description) || !is_comment_text(node.comment)) {
      findings_.error(Element::neuron, index, "a description or comment is not plain UTF-8 text",
                      "save it as UTF-8 without control characters");
    }
  }

  void check_synapse(std::size_t index) {
    const SynapseNode& synapse = circuit_.synapses[index];
    if (!is_end(synapse.source) || !is_end(synapse.target)) {
      findings_.error(Element::synapse, index,
                      fmt::format("it connects neuron {} to neuron {} of a network of {}", synapse.source, synapse.target, neurons_),
                      "connect neurons that exist");
    }
    if (synapse.properties.length == 0)
      findings_.error(Element::synapse, index, "a length of 0 is outside 1..65535", "use a length of at least 1");
    if (synapse.properties.type > SynapseType::electric) {
      findings_.error(Element::synapse, index, "its type is unknown", "use direct, modulator or electric");
    }
    if (synapse.long_term != 0 && !synapse.properties.plastic()) {
      findings_.error(Element::synapse, index, "it has a longTerm part but is static", "set stmRate above 0 or remove longTerm");
    }
    if (!is_comment_text(synapse.comment)) {
      findings_.error(Element::synapse, index, "its comment is not plain UTF-8 text", "save it as UTF-8 without control characters");
    }
  }

  bool is_end(NeuronIndex end) const { return is_path(end) ? end - FLUX_FIRST_PATH < circuit_.paths.size() : end < neurons_; }

  // Whether the fiber's nodes exist, so that its size can be told.
  bool check_fiber(std::size_t index) {
    const Fiber& fiber = circuit_.fibers[index];
    check_fiber_values(index, fiber);
    const bool sound = check_side(index, fiber.sources, "from") && check_side(index, fiber.targets, "to");
    if (!sound || neurons_ - repeated_neurons_ > FLUX_MAX_NEURONS || role_ == CircuitRole::in_tree) return sound;

    Fiber all = fiber;
    all.rule = FiberRule::all_to_all;
    const bool is_checked = role_ == CircuitRole::placed;  // in the tree
    if (fiber.rule == FiberRule::one_to_one && !is_checked && side_size(fiber.sources) != side_size(fiber.targets)) {
      findings_.error(
          Element::fiber, index,
          fmt::format("one-to-one needs sides of the same size, not {} and {}", side_size(fiber.sources), side_size(fiber.targets)),
          "make both sides the same size or use another rule");
    } else if (fiber.rule == FiberRule::random_probability && fiber_synapses(circuit_, all) > FLUX_MAX_PAIRS) {
      findings_.error(Element::fiber, index, fmt::format("{} pairs are too many to draw from", fiber_synapses(circuit_, all)),
                      "use the rule fanout for a network of this size");
    } else if (fiber.rule == FiberRule::distance || fiber.rule == FiberRule::kernel) {
      check_grids(index, fiber);
    }
    return true;
  }

  void check_grids(std::size_t index, const Fiber& fiber) {
    const auto from = grid_of(circuit_, fiber.sources), to = grid_of(circuit_, fiber.targets);
    if (!from || !to) {
      findings_.error(Element::fiber, index, fmt::format("the populations of \"{}\" differ in width", from ? "to" : "from"),
                      "give them the same width, or make a fiber of each");
    } else if (fiber.rule == FiberRule::distance && most_near(*to, fiber.radius) > FLUX_MAX_NEAR) {
      findings_.error(Element::fiber, index,
                      fmt::format("a radius of {} reaches {} targets from one source, more than {}", fiber.radius,
                                  most_near(*to, fiber.radius), FLUX_MAX_NEAR),
                      "use a smaller radius, or the rule probability");
    } else if (fiber.rule == FiberRule::distance && side_size(fiber.sources) * most_near(*to, fiber.radius) > FLUX_MAX_PAIRS) {
      findings_.error(Element::fiber, index,
                      fmt::format("{} pairs are too many to draw from", side_size(fiber.sources) * most_near(*to, fiber.radius)),
                      "use a smaller radius");
    }
  }

  void check_fiber_values(std::size_t index, const Fiber& fiber) {
    if (fiber.rule > FiberRule::kernel || fiber.properties.type > SynapseType::electric) {
      findings_.error(Element::fiber, index, "its rule or type is unknown", "use one of those in docs/file-format.md");
    }
    if (fiber.weight.low > fiber.weight.high || fiber.weight.low < -128 || fiber.weight.high > 127) {
      findings_.error(Element::fiber, index,
                      fmt::format("the weight range {}..{} is not within -128..127", fiber.weight.low, fiber.weight.high),
                      "give the lower end first");
    }
    if (fiber.length.low > fiber.length.high || fiber.length.low < 1 || fiber.length.high > 65535) {
      findings_.error(Element::fiber, index,
                      fmt::format("the length range {}..{} is not within 1..65535", fiber.length.low, fiber.length.high),
                      "give the lower end first");
    }
    if (fiber.rule == FiberRule::random_fanout && (fiber.fanout == 0 || fiber.fanout > FLUX_MAX_NEURONS)) {
      findings_.error(Element::fiber, index, fmt::format("a fanout of {} is outside 1..{}", fiber.fanout, FLUX_MAX_NEURONS),
                      "say how many synapses each source makes");
    }
    if (!(fiber.probability >= 0 && fiber.probability <= 1)) {
      findings_.error(Element::fiber, index, fmt::format("a probability of {} is outside 0..1", fiber.probability),
                      "choose one from 0 to 1");
    }
    if (fiber.rule == FiberRule::distance) check_distance(index, fiber);
    if (fiber.rule == FiberRule::kernel) check_kernel(index, fiber);
    if (!is_comment_text(fiber.comment)) {
      findings_.error(Element::fiber, index, "its comment is not plain UTF-8 text", "save it as UTF-8 without control characters");
    }
  }

  void check_distance(std::size_t index, const Fiber& fiber) {
    if (fiber.radius == 0 || fiber.radius > FLUX_MAX_RADIUS) {
      findings_.error(Element::fiber, index, fmt::format("a radius of {} is outside 1..{}", fiber.radius, FLUX_MAX_RADIUS),
                      "say how many cells it reaches");
    }
    if (fiber.fanout > FLUX_MAX_NEURONS) {
      findings_.error(Element::fiber, index, fmt::format("a fanout of {} is outside 1..{}", fiber.fanout, FLUX_MAX_NEURONS),
                      "say how many synapses each source makes");
    }
    if (fiber.fanout > 0 && fiber.probability != 0) {
      findings_.error(Element::fiber, index, "it has both a fanout and a probability", "keep one of them");
    }
  }

  void check_kernel(std::size_t index, const Fiber& fiber) {
    if (fiber.kernel.empty() || fiber.kernel.size() > FLUX_MAX_KERNEL) {
      findings_.error(Element::fiber, index, fmt::format("a kernel of {} offsets is outside 1..{}", fiber.kernel.size(), FLUX_MAX_KERNEL),
                      "list offsets as [dx, dy, weight, length]");
    }
    const auto outside = [](std::int32_t value, std::int32_t low, std::int32_t high) { return value < low || value > high; };
    for (std::size_t i = 0; i < fiber.kernel.size(); ++i) {
      const KernelOffset& offset = fiber.kernel[i];
      if (!outside(offset.weight, -128, 127) && !outside(offset.length, 1, 65535) &&
          !outside(offset.dx, -FLUX_MAX_OFFSET, FLUX_MAX_OFFSET) && !outside(offset.dy, -FLUX_MAX_OFFSET, FLUX_MAX_OFFSET))
        continue;
      findings_.error(
          Element::fiber, index,
          fmt::format("offset {} of its kernel, [{}, {}, {}, {}], is out of range", i, offset.dx, offset.dy, offset.weight, offset.length),
          "use a weight of -128..127 and a length of 1..65535");
      return;
    }
  }

  bool check_side(std::size_t index, const std::vector<std::uint32_t>& nodes, std::string_view key) {
    if (nodes.empty()) {
      findings_.error(Element::fiber, index, fmt::format("\"{}\" is empty", key), "name at least one neuron or population");
      return false;
    }
    std::unordered_set<std::uint32_t> seen;
    for (const std::uint32_t node : nodes) {
      const std::size_t paths = role_ == CircuitRole::placed ? circuit_.repeated_sides.size() : circuit_.paths.size();
      if (is_path(node) ? node - FLUX_FIRST_PATH >= paths : node >= circuit_.neurons.size()) {
        findings_.error(Element::fiber, index, fmt::format("\"{}\" names node {} of {}", key, node, circuit_.neurons.size()),
                        "name neurons that exist");
        return false;
      }
      if (!seen.insert(node).second) {
        findings_.error(Element::fiber, index, fmt::format("\"{}\" names \"{}\" twice", key, side_path(circuit_, node)), "name it once");
        return false;
      }
    }
    return true;
  }

  std::uint64_t side_size(const std::vector<std::uint32_t>& nodes) const { return neurons_in(circuit_, nodes); }

  void check_size() {
    std::uint64_t fixed = 0, plastic = 0;
    for (const SynapseNode& synapse : circuit_.synapses) ++(synapse.properties.plastic() ? plastic : fixed);
    for (const Fiber& fiber : circuit_.fibers) {
      const std::uint64_t synapses = fiber_synapses(circuit_, fiber);
      if (synapses > FLUX_MAX_SYNAPSES - std::min(FLUX_MAX_SYNAPSES, fixed + plastic)) {
        findings_.error(Element::circuit, 0, fmt::format("the network would have more than {} synapses", FLUX_MAX_SYNAPSES),
                        "use smaller fibers");
        return;
      }
      (fiber.properties.plastic() ? plastic : fixed) += synapses;
    }
    const std::uint64_t bytes = (neurons_ - repeated_neurons_) * FLUX_NEURON_BYTES + repeated_neurons_ * FLUX_REPEATED_NEURON_BYTES +
                                fixed * FLUX_STATIC_SYNAPSE_BYTES + plastic * FLUX_PLASTIC_SYNAPSE_BYTES;
    if (fixed + plastic > FLUX_MAX_SYNAPSES || bytes > FLUX_MAX_NETWORK_BYTES) {
      findings_.error(Element::circuit, 0,
                      fmt::format("{} neurons with {} static and {} plastic synapses may take {} MiB, more than the limit of {} MiB",
                                  neurons_, fixed, plastic, bytes >> 20, FLUX_MAX_NETWORK_BYTES >> 20),
                      "use smaller populations or fibers");
    }
  }

  const Circuit& circuit_;
  const CircuitRole role_;
  Findings& findings_;
  std::uint64_t neurons_ = 0;
  std::uint64_t repeated_neurons_ = 0;  // of them, in repeated circuits that are not written out
};

// The tree's own errors, then those of the plain circuit it stands for.
void find_all_errors(const Circuit& circuit, Findings& findings, std::optional<Circuit>& placed,
                     std::uint64_t share_from = FLUX_SHARE_FROM) {
  check_tree(circuit, findings);
  if (findings.any_error()) return;
  if (is_flat(circuit)) {
    if (!circuit.prototypes.empty() || !circuit.groups.empty()) try_unused(circuit, findings);
    return;
  }
  placed = elaborate_tree(circuit, findings, share_from);
  if (findings.any_error()) return;
  findings.enter(*placed, "");
  find_errors(*placed, CircuitRole::placed, findings);
}

}  // namespace

void find_errors(const Circuit& circuit, CircuitRole role, Findings& findings) { ErrorCheck(circuit, role, findings).run(); }

Result<Circuit> checked_plain(const Circuit& circuit, std::uint64_t share_from) {
  Findings findings(circuit);
  std::optional<Circuit> placed;
  find_all_errors(circuit, findings, placed, share_from);
  for (Finding& finding : findings.take()) {
    if (finding.is_error) return Error{std::move(finding.what), std::move(finding.where), std::move(finding.fix)};
  }
  return placed ? *std::move(placed) : circuit;
}

std::vector<Finding> check_errors(const Circuit& circuit) {
  Findings findings(circuit);
  std::optional<Circuit> placed;
  find_all_errors(circuit, findings, placed);
  std::vector<Finding> errors = findings.take();
  std::erase_if(errors, [](const Finding& finding) { return !finding.is_error; });
  return errors;
}

std::vector<Finding> check(const Circuit& circuit) {
  Findings findings(circuit);
  std::optional<Circuit> placed;
  find_all_errors(circuit, findings, placed);
  if (!findings.any_error()) find_warnings(placed ? *placed : circuit, findings);
  return findings.take();
}

}  // namespace flux
