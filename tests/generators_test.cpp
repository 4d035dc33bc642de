// Every generator makes a circuit that does what its name says: read off the spikes.
#include "circuit/generators.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "circuit/flatten.h"
#include "file/circuit_text.h"
#include "support/circuits.h"

namespace flux::test {
namespace {

constexpr CoreChoice FLUX_FAST{"cpu", CoreKind::cpu, 1};

Circuit made(std::string_view name, const GeneratorSettings& settings = {}, std::uint64_t seed = 1) {
  auto circuit = generate(name, settings, seed);
  EXPECT_TRUE(circuit.ok()) << name << ": " << (circuit ? "" : circuit.error().message());
  return circuit ? std::move(circuit).value() : Circuit{};
}

// A generated network, its neurons by the path of their population.
class Trial {
 public:
  explicit Trial(const Circuit& circuit) : recorder_(circuit, FLUX_FAST) {}
  explicit Trial(std::string_view name, const GeneratorSettings& settings = {}) : Trial(made(name, settings)) {}

  Recorder* operator->() { return &recorder_; }
  NeuronIndex find(const std::string& name) {
    const auto found = recorder_.net().find(name);
    EXPECT_TRUE(found) << name;
    return found.value_or(0);
  }
  NeuronIndex find(const std::string& name, std::uint32_t k) { return find(name + "[" + std::to_string(k) + "]"); }
  std::vector<Tick> spikes(const std::string& name, std::uint32_t k) { return recorder_.spikes_of(find(name, k)); }
  std::size_t count(const std::string& name, std::uint32_t k, Tick from, Tick to) { return recorder_.count(find(name, k), from, to); }
  void fire(const std::string& name, std::uint32_t k) { recorder_.fire(find(name, k)); }

 private:
  Recorder recorder_;
};

// --- What holds for all ---------------------------------------------------------------------------------------------------------

TEST(Generators, DescribeThemselves) {
  ASSERT_GE(generators().size(), 8u);
  std::set<std::string_view> names;
  for (const Generator& generator : generators()) {
    EXPECT_TRUE(names.insert(generator.name).second) << generator.name;
    EXPECT_EQ(find_generator(generator.name), find_generator(generator.name));
    EXPECT_FALSE(generator.title.empty() || generator.description.empty() || generator.settings.empty()) << generator.name;
    for (const GeneratorSetting& setting : generator.settings) {
      EXPECT_LE(setting.low, setting.when_absent) << generator.name << " " << setting.name;
      EXPECT_GE(setting.high, setting.when_absent) << generator.name << " " << setting.name;
      EXPECT_FALSE(setting.title.empty() || setting.description.empty()) << generator.name << " " << setting.name;
    }
  }
}

TEST(Generators, MakeSoundCircuitsThatSurviveTheirFile) {
  for (const Generator& generator : generators()) {
    const Circuit circuit = made(generator.name);
    for (const Finding& finding : check(circuit)) ADD_FAILURE() << generator.name << ": " << finding.what;
    const auto back = parse_circuit_text(write_circuit_text(circuit), "made");
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(back.value(), circuit) << generator.name;
    EXPECT_EQ(made(generator.name), circuit) << "the same every time";
    EXPECT_FALSE(circuit.fibers.empty()) << "connections are rules";
    EXPECT_LT(write_circuit_text(circuit).size(), 4000u) << generator.name;
    const auto has_alias = [&](std::string NeuronNode::*alias) {
      return std::any_of(circuit.neurons.begin(), circuit.neurons.end(), [&](const NeuronNode& node) { return !(node.*alias).empty(); });
    };
    EXPECT_TRUE(has_alias(&NeuronNode::input_alias) && has_alias(&NeuronNode::output_alias)) << generator.name;
    for (const NeuronNode& node : circuit.neurons) EXPECT_TRUE(node.position) << generator.name << " " << node.id;
  }
}

// Each setting alone at either end of its range, as far as the network stays small enough for a test.
TEST(Generators, TakeTheEndsOfTheirRanges) {
  for (const Generator& generator : generators()) {
    for (const GeneratorSetting& setting : generator.settings) {
      for (const std::int64_t value : {setting.low, std::min<std::int64_t>(setting.high, 2000)}) {
        const Circuit circuit = made(generator.name, {{std::string(setting.name), setting.text_of(value)}});
        for (const Finding& finding : check_errors(circuit)) ADD_FAILURE() << generator.name << " " << setting.name << ": " << finding.what;
      }
    }
  }
}

TEST(Generators, SayWhatIsWrong) {
  const auto message = [](std::string_view name, const GeneratorSettings& settings) {
    const auto circuit = generate(name, settings);
    return circuit ? std::string("no error") : circuit.error().message();
  };
  EXPECT_EQ(message("spiral", {}),
            "there is no generator \"spiral\"; use one of reservoir, layer, ring, sheet, stack, pattern, winner, balanced");
  EXPECT_EQ(message("ring", {{"neurons", "23"}}), "ring: neurons cannot be \"23\"; use 24..1000000");
  EXPECT_EQ(message("ring", {{"neurons", "many"}}), "ring: neurons cannot be \"many\"; use 24..1000000");
  EXPECT_EQ(message("ring", {{"neurons", "99999999999999999999"}}), "ring: neurons cannot be \"99999999999999999999\"; use 24..1000000");
  EXPECT_EQ(message("ring", {{"size", "20"}}), "ring: there is no setting \"size\"; it has neurons, inhibition");
  EXPECT_EQ(message("sheet", {{"edges", "torn"}}), "sheet: edges cannot be \"torn\"; use clip or wrap");
}

TEST(Generators, TheSeedDecidesWhatIsDrawn) {
  const auto hash = [](std::uint64_t seed) {
    Trial run(made("balanced", {}, seed));
    run->step(200);
    return run->net().hash().spikes;
  };
  EXPECT_EQ(hash(1), hash(1));
  EXPECT_NE(hash(1), hash(2));
}

// --- Regenerating ---------------------------------------------------------------------------------------------------------------

TEST(Regenerate, KeepsAliasesAndTellsWhatIsLost) {
  Circuit old = made("winner", {{"choices", "6"}});
  old.title = "My choice";
  old.settings.delay_jitter = 3;
  old.neurons[1].position = Position{7, 8};
  auto larger = regenerate(old, "winner", {{"choices", "9"}});
  ASSERT_TRUE(larger.ok());
  EXPECT_EQ(larger.value().circuit.title, "My choice");
  EXPECT_EQ(larger.value().circuit.settings.delay_jitter, 3);
  EXPECT_EQ(larger.value().circuit.neurons[1].position, (Position{7, 8}));
  EXPECT_EQ(larger.value().circuit.neurons[1].count, 9u);
  EXPECT_EQ(larger.value().aliases, (std::vector<AliasChange>{{"input", true, 6, 6}, {"winner", false, 6, 6}}));

  const auto smaller = regenerate(old, "winner", {{"choices", "4"}});
  ASSERT_TRUE(smaller.ok());
  EXPECT_EQ(smaller.value().aliases, (std::vector<AliasChange>{{"input", true, 6, 4}, {"winner", false, 6, 4}}));
  EXPECT_TRUE(smaller.value().aliases[0].lost());

  const auto other = regenerate(old, "stack", {});
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other.value().aliases, (std::vector<AliasChange>{{"input", true, 6, 6}, {"winner", false, 6, 0}}));
  EXPECT_FALSE(regenerate(old, "winner", {{"choices", "0"}}).ok());

  Circuit single = old;
  single.neurons[0].count = 0;
  EXPECT_EQ(compare_aliases(single, old)[0], (AliasChange{"input", true, 1, 0})) << "\"input\" is not \"input[0]\"";
}

// --- One by one -----------------------------------------------------------------------------------------------------------------

TEST(Generated, ReservoirEchoesWhatComesInAndIsSilentOtherwise) {
  Trial run("reservoir");
  run->step(200);
  EXPECT_TRUE(run->spikes().empty());
  const auto echo_of = [](std::uint32_t input) {
    Trial stirred("reservoir");
    stirred.fire("input", input);
    stirred->step(500);
    std::set<NeuronIndex> answered;
    Tick last = 0;
    for (const Spike& spike : stirred->spikes()) {
      if (spike.neuron > 1) answered.insert(spike.neuron);
      last = spike.tick;
    }
    return std::pair(answered, last);
  };
  const auto [first, first_end] = echo_of(0);
  const auto [second, second_end] = echo_of(1);
  EXPECT_GT(first.size(), 120u);
  EXPECT_GT(first_end, 42) << "it echoes after the last input spike arrived";
  EXPECT_LT(first_end, 400) << "and fades";
  std::vector<NeuronIndex> both;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(both));
  EXPECT_LT(both.size() * 2, first.size()) << "each input has an answer of its own";
}

TEST(Generated, LayerAnswersCombinations) {
  Trial run("layer", {{"lateral", "0"}});
  run.fire("input", 3);
  run->step(10);
  EXPECT_EQ(run->spikes().size(), 1u) << "one input alone fires no cell";
  for (std::uint32_t k : {3, 4, 5, 6}) run.fire("input", k);
  run->step(10);
  for (std::uint32_t cell = 0; cell < 64; ++cell) {
    std::size_t inputs = 0;
    for (const SynapseView& synapse : run->net().afferents(run.find("cell", cell))) inputs += synapse.source >= 3 && synapse.source <= 6;
    EXPECT_EQ(run.spikes("cell", cell).size(), inputs >= 2 ? 1u : 0u) << cell;
  }
}

TEST(Generated, LayerQuietensNeighbours) {
  const auto answers = [](const char* lateral) {
    Trial run("layer", {{"lateral", lateral}});
    for (int volley = 0; volley < 20; ++volley) {
      for (std::uint32_t k = 0; k < 16; ++k) {
        if ((k + static_cast<std::uint32_t>(volley)) % 5 == 0) run.fire("input", k);
      }
      run->step(8);
    }
    return run->spikes().size();
  };
  EXPECT_GT(answers("0"), 200u);
  EXPECT_LT(answers("60") * 3, answers("0") * 2);
}

TEST(Generated, RingHoldsABumpWhereTheCuePutIt) {
  for (const std::uint32_t size : {24u, 32u, 100u}) {
    Trial run("ring", {{"neurons", std::to_string(size)}});
    run->step(100);
    EXPECT_TRUE(run->spikes().empty());
    const auto cue = [&](std::uint32_t place) {
      for (int i = 0; i < 4; ++i) {
        for (std::uint32_t k = 0; k < 4; ++k) run.fire("ring", (place + k) % size);
        run->step(10);
      }
    };
    for (const std::uint32_t place : {size / 4, size * 3 / 4}) {
      cue(place);
      run->step(1000);
      std::uint32_t width = 0;
      for (std::uint32_t k = 0; k < size; ++k) {
        const bool active = run.count("ring", k, run->net().now() - 100, run->net().now()) > 0;
        const std::uint32_t from_cue = std::min((k + size - place - 1) % size, (place + 2 + size - k) % size);
        width += active ? 1 : 0;
        EXPECT_TRUE(!active || from_cue <= 6) << k << " of " << size << " after a cue at " << place;
      }
      EXPECT_GE(width, 4u) << size << " at " << place;
      EXPECT_LE(width, 12u) << size << " at " << place;
    }
  }
}

TEST(Generated, SheetSendsOutAWaveThatPassesEachCellOnce) {
  for (const bool eight : {false, true}) {
    for (const bool wrap : {false, true}) {
      Trial run(
          "sheet",
          {{"columns", "20"}, {"rows", "12"}, {"delay", "4"}, {"neighbours", eight ? "eight" : "four"}, {"edges", wrap ? "wrap" : "clip"}});
      run.fire("cell", 5 * 20 + 3);  // column 3, row 5
      run->step(300);
      for (int row = 0; row < 12; ++row) {
        for (int column = 0; column < 20; ++column) {
          int dx = std::abs(column - 3), dy = std::abs(row - 5);
          if (wrap) dx = std::min(dx, 20 - dx), dy = std::min(dy, 12 - dy);
          const int steps = eight ? std::max(dx, dy) : dx + dy;
          EXPECT_EQ(run.spikes("cell", static_cast<std::uint32_t>(row * 20 + column)), (std::vector<Tick>{4 * steps}))
              << column << " " << row << (eight ? " eight" : " four") << (wrap ? " wrap" : " clip");
        }
      }
    }
  }
}

TEST(Generated, StackCarriesAVolleyAndDropsAWeakOne) {
  for (const char* fanout : {"20", "30", "90"}) {
    const auto arrived = [&](std::uint32_t volley) {
      Trial run("stack", {{"layers", "8"}, {"delay", "6"}, {"fanout", fanout}});
      for (std::uint32_t k = 0; k < volley; ++k) run.fire("layer_0", k);
      run->step(100);
      std::size_t in_time = 0;
      for (std::uint32_t k = 0; k < 100; ++k) in_time += run.spikes("layer_7", k) == std::vector<Tick>{7 * 6} ? 1 : 0;
      return in_time;
    };
    EXPECT_GE(arrived(100), 95u) << fanout;
    EXPECT_GE(arrived(80), 95u) << fanout;
    EXPECT_EQ(arrived(15), 0u) << fanout;
  }
}

// Start of each train of a phase, after the first cycles.
std::vector<Tick> train_starts(const std::vector<Tick>& spikes, Tick gap) {
  std::vector<Tick> starts;
  for (std::size_t i = 1; i < spikes.size(); ++i) {
    if (spikes[i] - spikes[i - 1] > gap) starts.push_back(spikes[i]);
  }
  return starts;
}

TEST(Generated, PatternAlternatesWithThePeriodOfItsSettings) {
  struct Setting {
    int phases, spikes, interval;
  };
  for (const Setting s : {Setting{2, 5, 10}, {2, 1, 7}, {3, 4, 5}, {6, 30, 12}, {13, 2, 50}}) {
    const Tick train = s.spikes * s.interval, cycle = s.phases * train;
    Trial run("pattern",
              {{"phases", std::to_string(s.phases)}, {"spikes", std::to_string(s.spikes)}, {"interval", std::to_string(s.interval)}});
    run->step(6 * cycle + s.interval + 3);
    for (std::uint32_t k = 0; k < static_cast<std::uint32_t>(s.phases); ++k) {
      const auto starts = train_starts(run.spikes("phase", k), s.interval);
      ASSERT_GE(starts.size(), 4u) << s.phases << " phases, phase " << k;
      for (std::size_t i = 1; i < starts.size(); ++i) EXPECT_EQ(starts[i] - starts[i - 1], cycle) << s.phases << " phases, phase " << k;
      const Tick begin = starts.front();
      EXPECT_EQ(run.count("phase", k, begin, begin + train), static_cast<std::size_t>(s.spikes));
      EXPECT_EQ(run.count("phase", k, begin + train, begin + cycle), 0u) << "its turn is over";
      const auto first_of_all = train_starts(run.spikes("phase", 0), s.interval).front();
      EXPECT_NEAR(static_cast<double>((begin - first_of_all + cycle) % cycle), static_cast<double>((k * train) % cycle), 1)
          << "phase " << k;
    }
  }
}

TEST(Generated, PatternQuickensWithArousalAndSlowsWithCalm) {
  const auto cycle_after = [](const char* alias) {
    Trial run("pattern", {{"spikes", "10"}});
    run->step(1000);
    if (*alias != 0) run->fire(run.find(alias));
    run->step(500);
    const auto spikes = run.spikes("phase", 0);
    std::vector<Tick> starts;
    for (const Tick start : train_starts(spikes, 10)) {
      if (start > 1000) starts.push_back(start);
    }
    return starts.size() < 2 ? 0 : starts[1] - starts[0];
  };
  EXPECT_EQ(cycle_after(""), 200);
  EXPECT_LT(cycle_after("arousal"), 140);
  EXPECT_GT(cycle_after("calm"), 250);
}

TEST(Generated, WinnerTakesAll) {
  // Ticks between the spikes that speak for each choice.
  const auto winners = [](const std::vector<Tick>& periods, const GeneratorSettings& settings) {
    Trial run("winner", settings);
    for (Tick tick = 1; tick <= 1500; ++tick) {
      for (std::uint32_t k = 0; k < periods.size(); ++k) {
        if (tick % periods[k] == 0) run.fire("input", k);
      }
      run->step();
    }
    std::set<std::uint32_t> fired;
    for (std::uint32_t k = 0; k < periods.size(); ++k) {
      if (run.count("choice", k, 0, 1500) > 0) fired.insert(k);
    }
    return fired;
  };
  EXPECT_EQ(winners({12, 9, 15, 13}, {}), std::set<std::uint32_t>{1});
  EXPECT_EQ(winners({8, 9, 15, 13}, {}), std::set<std::uint32_t>{0});
  EXPECT_EQ(winners({20, 19, 18, 14, 17, 19, 18}, {{"choices", "7"}, {"hold", "0"}}), std::set<std::uint32_t>{3});
  EXPECT_EQ(winners({11, 9}, {{"choices", "2"}, {"inhibition", "80"}}), std::set<std::uint32_t>{1});
}

TEST(Generated, BalancedNetworkIsIrregularNearItsRate) {
  for (const int rate : {8, 10, 20, 40}) {
    for (const char* neurons : {"1000", "4000"}) {
      Trial run("balanced", {{"rate", std::to_string(rate)}, {"neurons", neurons}});
      run->step(3000);
      const auto exciters = static_cast<std::uint32_t>(std::stoul(neurons) * 4 / 5);
      std::size_t spikes = 0, counted = 0;
      double irregularity = 0;
      for (std::uint32_t k = 0; k < exciters; k += 7) {
        std::vector<double> gaps;
        const auto ticks = run.spikes("excite", k);
        for (std::size_t i = 1; i < ticks.size(); ++i) {
          if (ticks[i] > 500) gaps.push_back(static_cast<double>(ticks[i] - ticks[i - 1]));
        }
        spikes += run.count("excite", k, 500, 3000);
        if (gaps.size() < 5) continue;
        double mean = 0, square = 0;
        for (const double gap : gaps) mean += gap, square += gap * gap;
        mean /= static_cast<double>(gaps.size());
        irregularity += std::sqrt(square / static_cast<double>(gaps.size()) - mean * mean) / mean;
        ++counted;
      }
      const double mean_rate = static_cast<double>(spikes) / 2.5 / ((exciters + 6) / 7);
      EXPECT_GT(mean_rate, rate * 0.67) << rate << " " << neurons;
      EXPECT_LT(mean_rate, rate * 1.33) << rate << " " << neurons;
      ASSERT_GT(counted, 10u);
      EXPECT_GT(irregularity / static_cast<double>(counted), 0.6) << rate << " " << neurons;
    }
  }
}

}  // namespace
}  // namespace flux::test
