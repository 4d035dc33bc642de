// flux info: what a circuit holds and what it costs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "arguments.h"
#include "circuit/names.h"
#include "commands.h"
#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

constexpr std::size_t FLUX_MOST_LISTED = 40;  // lines of a list that is for reading

constexpr std::uint64_t FLUX_MUCH = 1 << 24;  // bytes
constexpr int FLUX_READING_WIDTH = 100;       // columns, at most, of running text

struct Alias {
  std::string alias, neuron, description;
};

// Aliases of one direction, in the order of the circuit.
std::vector<Alias> aliases(const Circuit& circuit, std::string NeuronNode::*alias, std::string NeuronNode::*description) {
  std::vector<Alias> found;
  for (const NeuronNode& node : circuit.neurons) {
    if (!(node.*alias).empty()) found.push_back({node.*alias, node.id, node.*description});
  }
  return found;
}

std::string range_text(const Range& range) {
  return range.low == range.high ? std::to_string(range.low) : fmt::format("{}..{}", range.low, range.high);
}

std::string node_names(const Circuit& circuit, const std::vector<std::uint32_t>& nodes) {
  std::string names;
  for (std::size_t i = 0; i < nodes.size() && i < 4; ++i) names += (i > 0 ? ", " : "") + side_path(circuit, nodes[i]);
  return nodes.size() > 4 ? fmt::format("{}, and {} more", names, nodes.size() - 4) : names;
}

std::string rule_text(const Fiber& fiber) {
  switch (fiber.rule) {
    case FiberRule::one_to_one:
      return "one to one";
    case FiberRule::all_to_all:
      return "all to all";
    case FiberRule::random_probability:
      return fmt::format("each pair with probability {:g}", fiber.probability);
    case FiberRule::random_fanout:
      return fmt::format("{} from each", fiber.fanout);
    case FiberRule::distance:
      return fiber.fanout > 0 ? fmt::format("{} from each within {} cells", fiber.fanout, fiber.radius)
                              : fmt::format("within {} cells, probability {:g} falling", fiber.radius, fiber.probability);
    case FiberRule::kernel:
      return fmt::format("{} at offsets from each", fiber.kernel.size());
  }
  return {};
}

double per(std::uint64_t bytes, std::uint64_t count) { return count == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(count); }

class Info {
 public:
  explicit Info(const Network& network) : circuit_(network.circuit()), counts_(network.counts()), now_(network.now()), palette_(stdout) {}
  void print() const;
  nlohmann::ordered_json json() const;

 private:
  void line(std::string_view name, const std::string& value, const std::string& note = {}) const {
    fmt::print("  {}  {}{}\n", palette_.dim(pad_to(name, 8)), value, note.empty() ? "" : "   " + palette_.dim(note));
  }
  void print_counts() const;
  void print_aliases(const char* title, const char* arrow, const std::vector<Alias>& list) const;
  void print_environment() const;
  void print_tree() const;
  std::uint64_t bytes() const { return counts_.graph_bytes + counts_.state_bytes; }

  Circuit circuit_;
  NetworkCounts counts_;
  Tick now_;
  Palette palette_;
};

// What one of many costs; where there are few, the fixed part of the memory would hide it.
std::string bytes_each(std::uint64_t bytes, std::uint64_t count, std::string_view of_what) {
  return bytes < FLUX_MUCH ? std::string() : fmt::format("{:.1f} bytes each{}", per(bytes, count), of_what);
}

void Info::print_counts() const {
  line("neurons", grouped(counts_.neurons), bytes_each(counts_.state_bytes, counts_.neurons, ", state and timers"));
  std::string about_synapses = bytes_each(counts_.graph_bytes, counts_.synapses, "");
  if (counts_.plastic_synapses > 0) {
    about_synapses += fmt::format("{}{} plastic", about_synapses.empty() ? "" : ", ", grouped(counts_.plastic_synapses));
  }
  line("synapses", grouped(counts_.synapses), about_synapses);
  line("memory", bytes_text(bytes()), fmt::format("graph {}, state {}", bytes_text(counts_.graph_bytes), bytes_text(counts_.state_bytes)));
  line("tick", seconds_text(seconds_of(1, circuit_.settings.tick_microseconds)), fmt::format("seed {}", circuit_.settings.seed));
  if (circuit_.settings.threshold_noise > 0) line("noise", fmt::format("±{} levels of threshold", circuit_.settings.threshold_noise));
  if (circuit_.settings.delay_jitter > 0) line("jitter", fmt::format("0..{} ticks of delay", circuit_.settings.delay_jitter));
  if (now_ > 0) line("state", fmt::format("saved at tick {}", grouped(static_cast<std::uint64_t>(now_))));
}

void Info::print_aliases(const char* title, const char* arrow, const std::vector<Alias>& list) const {
  if (list.empty()) return;
  fmt::print("\n  {}\n", palette_.bright(title));
  for (std::size_t i = 0; i < std::min(list.size(), FLUX_MOST_LISTED); ++i) {
    const std::string where = list[i].alias == list[i].neuron ? "" : palette_.dim("  " + list[i].neuron);
    const std::string about = list[i].description.empty() ? "" : palette_.dim("  " + list[i].description);
    fmt::print("    {} {}{}{}\n", palette_.accent(arrow), list[i].alias, where, about);
  }
  if (list.size() > FLUX_MOST_LISTED)
    fmt::print("    {}\n", palette_.dim(fmt::format("… and {} more; --json lists all", list.size() - FLUX_MOST_LISTED)));
}

std::string value_text(const EnvironmentValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::visit([](const auto& some) { return fmt::format("{}", some); }, value);
}

void Info::print_environment() const {
  if (circuit_.environment.empty()) return;
  fmt::print("\n  {}\n", palette_.bright("Environment"));
  for (const auto& [name, value] : circuit_.environment) {
    fmt::print("    {} {}  {}\n", palette_.accent("$"), name, palette_.dim(value_text(value)));
  }
}

// "reservoir (neurons 200, seed 7)".
std::string rule_text(const GeneratorRule& rule) {
  std::vector<std::string> parts;
  for (const GeneratorValue& setting : rule.settings) {
    std::visit([&](const auto& value) { parts.push_back(fmt::format("{} {}", setting.name, value)); }, setting.value);
  }
  if (rule.seed) parts.push_back(fmt::format("seed {}", *rule.seed));
  return parts.empty() ? rule.name : fmt::format("{} ({})", rule.name, fmt::join(parts, ", "));
}

// What a circuit or organ inside is, in a few words.
std::string source_text(const SubcircuitNode& node) {
  if (node.source == SubcircuitNode::Source::prototype) return node.prototype.name;
  if (node.source == SubcircuitNode::Source::group) return "linked copy of " + node.group;
  if (node.source == SubcircuitNode::Source::generator) return rule_text(node.generator);
  return node.body->title.empty() ? "circuit" : node.body->title;
}

// A line for each organ and circuit inside, deeper ones indented.
void add_branches(const Circuit& circuit, const std::string& indent, const Palette& palette, std::vector<std::string>& branches) {
  for (const OrganNode& organ : circuit.organs) {
    branches.push_back(fmt::format("{}{}  {}", indent, organ.id, palette.dim(organ.type.empty() ? "organ" : "organ " + organ.type)));
  }
  for (const SubcircuitNode& node : circuit.circuits) {
    const std::string name = node.count == 0 ? node.id : fmt::format("{}[{}]", node.id, grouped(node.count));
    branches.push_back(fmt::format("{}{}  {}", indent, name, palette.dim(source_text(node))));
    if (node.body) add_branches(*node.body, indent + "  ", palette, branches);
  }
}

void Info::print_tree() const {
  fmt::print("\n  {}\n", palette_.bright(circuit_.title.empty() ? "circuit" : circuit_.title));
  std::vector<std::string> branches;
  for (const NeuronNode& node : circuit_.neurons)
    branches.push_back(node.count == 0 ? node.id : fmt::format("{}[{}]", node.id, grouped(node.count)));
  add_branches(circuit_, "", palette_, branches);
  const std::size_t all = branches.size();
  if (all > FLUX_MOST_LISTED) branches.resize(FLUX_MOST_LISTED);
  if (all > branches.size()) branches.push_back(palette_.dim(fmt::format("… and {} more", grouped(all - FLUX_MOST_LISTED))));
  if (!circuit_.synapses.empty()) branches.push_back(palette_.dim(fmt::format("{} single synapses", grouped(circuit_.synapses.size()))));
  for (std::size_t i = 0; i < std::min(circuit_.fibers.size(), FLUX_MOST_LISTED); ++i) {
    const Fiber& fiber = circuit_.fibers[i];
    branches.push_back(fmt::format(
        "{} → {}  {}", node_names(circuit_, fiber.sources), node_names(circuit_, fiber.targets),
        palette_.dim(fmt::format("{}, weight {}, length {}", rule_text(fiber), range_text(fiber.weight), range_text(fiber.length)))));
  }
  for (std::size_t i = 0; i < branches.size(); ++i)
    fmt::print("  {} {}\n", palette_.faint(i + 1 == branches.size() ? "└─" : "├─"), branches[i]);
}

void Info::print() const {
  fmt::print("\n{} {}\n", palette_.accent("●"), palette_.bright(circuit_.title.empty() ? "untitled" : circuit_.title));
  if (!circuit_.description.empty()) {
    fmt::print("\n");
    const auto columns = static_cast<std::size_t>(std::min(terminal_size(stdout).columns, FLUX_READING_WIDTH) - 2);
    for (const std::string& line : wrapped(circuit_.description, columns))
      fmt::print("{}\n", line.empty() ? "" : "  " + palette_.dim(line));
  }
  fmt::print("\n");
  print_counts();
  print_aliases("Inputs", "→", aliases(circuit_, &NeuronNode::input_alias, &NeuronNode::input_description));
  print_aliases("Outputs", "←", aliases(circuit_, &NeuronNode::output_alias, &NeuronNode::output_description));
  print_environment();
  print_tree();
  fmt::print("\n");
}

nlohmann::ordered_json aliases_json(const std::vector<Alias>& list) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Alias& alias : list) json.push_back({{"alias", alias.alias}, {"neuron", alias.neuron}, {"description", alias.description}});
  return json;
}

nlohmann::ordered_json environment_json(const Environment& environment) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& entry : environment) {
    std::visit([&json, &name = entry.first](const auto& some) { json[name] = some; }, entry.second);
  }
  return json;
}

nlohmann::ordered_json Info::json() const {
  nlohmann::ordered_json json;
  json["title"] = circuit_.title;
  json["neurons"] = counts_.neurons;
  json["synapses"] = counts_.synapses;
  json["plasticSynapses"] = counts_.plastic_synapses;
  json["graphBytes"] = counts_.graph_bytes;
  json["stateBytes"] = counts_.state_bytes;
  json["bytesPerNeuron"] = per(counts_.state_bytes, counts_.neurons);
  json["bytesPerSynapse"] = per(counts_.graph_bytes, counts_.synapses);
  json["tickMicroseconds"] = circuit_.settings.tick_microseconds;
  json["seed"] = circuit_.settings.seed;
  json["thresholdNoise"] = circuit_.settings.threshold_noise;
  json["delayJitter"] = circuit_.settings.delay_jitter;
  json["now"] = now_;
  json["environment"] = environment_json(circuit_.environment);
  json["inputs"] = aliases_json(aliases(circuit_, &NeuronNode::input_alias, &NeuronNode::input_description));
  json["outputs"] = aliases_json(aliases(circuit_, &NeuronNode::output_alias, &NeuronNode::output_description));
  nlohmann::ordered_json tree = nlohmann::ordered_json::array();
  for (const NeuronNode& node : circuit_.neurons) tree.push_back({{"id", node.id}, {"neurons", node.size()}});
  for (const OrganNode& organ : circuit_.organs) tree.push_back({{"id", organ.id}, {"organ", organ.type}});
  for (const SubcircuitNode& node : circuit_.circuits) {
    tree.push_back({{"id", node.id}, {"copies", node.copies()}, {"circuit", source_text(node)}});
  }
  json["tree"] = {{"nodes", tree}, {"singleSynapses", circuit_.synapses.size()}, {"fibers", circuit_.fibers.size()}};
  return json;
}

}  // namespace

void add_info_command(CLI::App& app) {
  auto file = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  CLI::App* info = app.add_subcommand("info", "Tell what a circuit holds and how much memory it takes");
  info->add_option("FILE", *file, "a circuit (text or .flx), or a saved state")->required();
  info->add_flag("--json", *as_json, "for programs: everything, as JSON");
  info->footer("Examples:\n  flux info examples/reservoir.json\n  flux info worm.flx --json");
  info->callback([file, as_json] {
    const Network network = open_network(*file, {});
    if (*as_json) {
      fmt::print("{}\n", Info(network).json().dump(2));
    } else {
      Info(network).print();
    }
  });
}

}  // namespace flux::cli
