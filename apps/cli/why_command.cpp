// flux why: what made a neuron fire, spike by spike back to where it began.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "arguments.h"
#include "commands.h"
#include "core/explain.h"
#include "failure.h"
#include "runner.h"
#include "stimuli.h"
#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

constexpr Tick FLUX_BETWEEN_STATES = 200;  // ticks from which each explanation is computed anew, at most
constexpr int FLUX_MOST_DEPTH = 64;

struct WhyArguments {
  std::string file, neuron, duration, stimuli;
  Tick at = -1;  // -1: its last spike
  int depth = 4;
  int causes = 6;
  NetworkArguments network;
  bool as_json = false;
};

struct Branch;

// A neuron at a tick, with the spikes that reached it and what made each of those.
struct Cause {
  NeuronIndex neuron = 0;
  Tick tick = 0;
  std::optional<Explanation> explanation;  // nothing: it is told elsewhere, lies too deep, or before the recording
  std::string left_out;                    // why there is none
  std::vector<Branch> arrivals;
  std::size_t more = 0;  // weaker ones that are left out
  std::int64_t more_weight = 0;
};

struct Branch {
  Arrival arrival;
  Cause deeper;  // what made its source fire
};

class Why {
 public:
  explicit Why(const WhyArguments& arguments) : arguments_(arguments), network_(open_network(arguments.file, arguments.network)) {}

  void run() {
    const auto neuron = network_.find(arguments_.neuron);
    if (!neuron) throw Failure(fmt::format("{}: there is no neuron \"{}\"; flux info lists them", arguments_.file, arguments_.neuron));
    const Tick tick = run_to_spike(*neuron);
    const Cause root = explain(*neuron, tick, 0);
    arguments_.as_json ? fmt::print("{}\n", json(root).dump(2)) : print(root);
  }

 private:
  // Runs the network as long as asked for; the tick in question.
  Tick run_to_spike(NeuronIndex neuron) {
    Runner runner(network_, arguments_.stimuli.empty() ? Stimuli() : Stimuli(arguments_.stimuli, network_));
    Tick last = -1;
    network_.record(FLUX_BETWEEN_STATES);
    const auto subscription = network_.on_fire([&](Tick tick, std::span<const NeuronIndex> fired) {
      if (std::binary_search(fired.begin(), fired.end(), neuron)) last = tick;
    });
    const Tick start = network_.now();
    const std::string duration = arguments_.duration.empty() ? "5s" : arguments_.duration;
    const Tick end =
        arguments_.at >= 0 ? arguments_.at + 1 : start + parse_duration(duration).to_ticks(network_.settings().tick_microseconds);
    if (arguments_.at >= 0 && arguments_.at < start) {
      throw Failure(fmt::format("{}: tick {} is over: the state was saved at tick {}", arguments_.file, arguments_.at, start));
    }
    runner.run_until(end);
    network_.off(subscription);
    if (arguments_.at >= 0) return arguments_.at;
    if (last < 0) {
      throw Failure(fmt::format("{}: \"{}\" does not fire in ticks {} to {}; --for runs longer, --stim stimulates it, --at asks why not",
                                arguments_.file, arguments_.neuron, start, end - 1));
    }
    return last;
  }

  Cause explain(NeuronIndex neuron, Tick tick, int depth) {
    Cause cause;
    cause.neuron = neuron;
    cause.tick = tick;
    if (depth > arguments_.depth) return left_out(std::move(cause), "…");
    if (tick < network_.recorded_from()) return left_out(std::move(cause), "before the run began");
    if (!told_.emplace(neuron, tick).second) return left_out(std::move(cause), "told above");
    cause.explanation = value_or_fail(network_.why(neuron, tick));
    std::vector<Arrival> arrivals = cause.explanation->arrivals;
    std::stable_sort(arrivals.begin(), arrivals.end(),
                     [](const Arrival& a, const Arrival& b) { return std::abs(a.weight) > std::abs(b.weight); });
    for (const Arrival& arrival : arrivals) {
      if (cause.arrivals.size() >= static_cast<std::size_t>(arguments_.causes)) {
        ++cause.more;
        cause.more_weight += arrival.weight;
        continue;
      }
      cause.arrivals.push_back({arrival, explain(arrival.source, arrival.fired_at, depth + 1)});
    }
    return cause;
  }

  static Cause left_out(Cause cause, std::string why) {
    cause.left_out = std::move(why);
    return cause;
  }

  // --- For a person ---------------------------------------------------------------------------------------------------------------
  void print(const Cause& root) const {
    const Explanation& explanation = *root.explanation;
    const double seconds = seconds_of(root.tick, network_.settings().tick_microseconds);
    fmt::print("\n{} {} {}   {}\n\n", palette_.accent(explanation.fires ? "●" : "○"), palette_.bright(network_.path(root.neuron)),
               explanation.fires ? fmt::format("fired in tick {}", grouped_tick(root.tick))
                                 : fmt::format("did not fire in tick {}", grouped_tick(root.tick)),
               palette_.dim(seconds_text(seconds)));
    fmt::print("  {}\n", decision(explanation));
    print_causes(root, "  ");
    fmt::print("\n");
  }

  static std::string grouped_tick(Tick tick) { return grouped(static_cast<std::uint64_t>(tick)); }

  // How the level came to the threshold, or did not.
  std::string decision(const Explanation& e) const {
    if (e.own_timer) return "its own timer was due";
    if (e.blocked) return "it was refractory: what reached it was ignored";
    if (e.fires && e.sums.electric > 0) return "an electric stimulus fires it whatever its level";
    const std::string sum = e.sums.direct == 0 ? "" : fmt::format(" {} {}", e.sums.direct < 0 ? "−" : "+", std::abs(e.sums.direct));
    const std::string about = e.before.modulation == 0 ? "" : fmt::format(", modulation {}", decimal(e.before.modulation, 8));
    return fmt::format("level {}{} {} threshold {}{}", decimal(e.before.level, 4), sum, e.fires ? "reached" : "stayed below",
                       decimal(e.threshold, 4), palette_.dim(about));
  }

  std::string weight_text(std::int32_t weight) const {
    const std::string text = pad_to(fmt::format("{}{}", weight < 0 ? "−" : "+", std::abs(weight)), 5, true);
    return weight < 0 ? palette_.warning(text) : palette_.accent(text);
  }

  std::string arrival_text(const Arrival& arrival) const {
    constexpr std::string_view FLUX_WORDS[] = {"", "modulation, ", "electric, "};
    std::string about = fmt::format("{}fired in tick {}, {} on the way", FLUX_WORDS[static_cast<std::size_t>(arrival.synapse.type)],
                                    grouped_tick(arrival.fired_at), counted(arrival.synapse.length, "tick"));
    if (arrival.synapse.plastic()) {
      about += fmt::format("; weight {}, learned {} and {} for long", arrival.synapse.weight, decimal(arrival.learned.short_term, 8),
                           decimal(arrival.learned.long_term, 8));
    }
    return fmt::format("{}  {}  {}", weight_text(arrival.weight), palette_.bright(network_.path(arrival.source)), palette_.dim(about));
  }

  void print_causes(const Cause& cause, const std::string& indent) const {
    if (!cause.explanation) return;
    std::vector<std::string> lines;
    for (const flux::Stimulus& stimulus : cause.explanation->by_hand) {
      const bool fires = stimulus.kind == flux::Stimulus::Kind::fire;
      const char* what = stimulus.kind == flux::Stimulus::Kind::modulate ? "modulation from outside" : "stimulus from outside";
      lines.push_back(fmt::format("{}  {}", fires ? palette_.accent("    ⚡") : weight_text(stimulus.value), what));
    }
    const std::size_t all = lines.size() + cause.arrivals.size() + (cause.more > 0 ? 1 : 0);
    std::size_t shown = 0;
    const auto branch = [&] { return palette_.faint(++shown == all ? "└─" : "├─"); };
    for (const std::string& line : lines) fmt::print("{}{} {}\n", indent, branch(), line);
    for (const auto& [arrival, deeper] : cause.arrivals) {
      fmt::print("{}{} {}{}\n", indent, branch(), arrival_text(arrival),
                 deeper.left_out.empty() ? "" : palette_.faint("  " + deeper.left_out));
      if (!deeper.explanation) continue;
      const std::string inner = indent + palette_.faint(shown == all ? "  " : "│ ") + "        ";
      fmt::print("{}{}\n", inner, palette_.dim("because ") + decision(*deeper.explanation));
      print_causes(deeper, inner);
    }
    if (cause.more > 0) {
      fmt::print("{}{} {}  {}\n", indent, branch(), weight_text(static_cast<std::int32_t>(cause.more_weight)),
                 palette_.dim(fmt::format("together from {} more; --causes shows them", grouped(cause.more))));
    }
  }

  // --- For programs ---------------------------------------------------------------------------------------------------------------
  nlohmann::ordered_json json(const Cause& cause) const {
    nlohmann::ordered_json json;
    json["neuron"] = network_.path(cause.neuron);
    json["tick"] = cause.tick;
    if (!cause.explanation) {
      json["leftOut"] = cause.left_out;
      return json;
    }
    constexpr std::string_view FLUX_TYPES[] = {"direct", "modulator", "electric"};
    const Explanation& e = *cause.explanation;
    json["fires"] = e.fires;
    json["refractory"] = e.blocked;
    json["ownTimer"] = e.own_timer;
    json["level16"] = e.before.level;
    json["threshold16"] = e.threshold;
    json["modulation256"] = e.before.modulation;
    json["stimuli"] = nlohmann::ordered_json::array();
    constexpr std::string_view FLUX_KINDS[] = {"direct", "modulate", "fire"};
    for (const flux::Stimulus& stimulus : e.by_hand) {
      json["stimuli"].push_back({{"kind", FLUX_KINDS[static_cast<std::size_t>(stimulus.kind)]}, {"value", stimulus.value}});
    }
    json["arrivals"] = nlohmann::ordered_json::array();
    for (const auto& [arrival, deeper] : cause.arrivals) {
      json["arrivals"].push_back({{"added", arrival.weight},
                                  {"type", FLUX_TYPES[static_cast<std::size_t>(arrival.synapse.type)]},
                                  {"length", arrival.synapse.length},
                                  {"weight", arrival.synapse.weight},
                                  {"shortTerm256", arrival.learned.short_term},
                                  {"longTerm256", arrival.learned.long_term},
                                  {"from", this->json(deeper)}});
    }
    json["arrivalsLeftOut"] = cause.more;
    return json;
  }

  const WhyArguments& arguments_;
  Network network_;
  Palette palette_{stdout};
  std::set<std::pair<NeuronIndex, Tick>> told_;
};

}  // namespace

void add_why_command(CLI::App& app) {
  auto arguments = std::make_shared<WhyArguments>();
  CLI::App* why = app.add_subcommand("why", "Tell what made a neuron fire, spike by spike back to where it began");
  why->add_option("FILE", arguments->file, "a circuit (text or .flx), or a saved state")->required();
  why->add_option("NEURON", arguments->neuron, "its path or alias")->required();
  why->add_option("--at", arguments->at, "the tick in question (default: its last spike)")
      ->type_name("TICK")
      ->check(CLI::NonNegativeNumber);
  why->add_option("--for", arguments->duration, "how long to run, in model time (default 5s)")->type_name("TIME");
  why->add_option("--stim", arguments->stimuli, "stimuli to give, as for flux run")->type_name("IN.csv");
  why->add_option("--depth", arguments->depth, "spikes to go back (default 4)")->type_name("N")->check(CLI::Range(0, FLUX_MOST_DEPTH));
  why->add_option("--causes", arguments->causes, "of each spike, the strongest that are told (default 6)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  why->add_flag("--json", arguments->as_json, "for programs: everything, as JSON");
  add_network_arguments(*why, arguments->network);
  why->footer(R"(Examples:
  flux why examples/reflex_arc.json flexor --stim touch.csv
  flux why examples/hexapod.json leg[2]/lift --at 812 --depth 8
  flux why worm.flx AVAL --for 500ms --json)");
  why->callback([arguments] {
    if (!arguments->duration.empty()) parse_duration(arguments->duration);
    Why(*arguments).run();
  });
}

}  // namespace flux::cli
