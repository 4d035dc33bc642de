// Each circuit in examples/ does what its description says, by itself, and the same on every core.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "circuit/flatten.h"
#include "file/circuit_text.h"
#include "support/circuits.h"

namespace flux::test {
namespace {

using Ticks = std::vector<Tick>;

const std::string FLUX_FOLDER = FLUX_SOURCE_DIR "/examples/";
constexpr const char* FLUX_EXAMPLES[] = {"bursting",
                                         "central_pattern_generator",
                                         "classical_conditioning",
                                         "coincidence_detector",
                                         "electric_chain",
                                         "habituation",
                                         "hexapod",
                                         "reflex_arc",
                                         "reservoir",
                                         "ring_attractor",
                                         "winner_take_all"};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Circuit load(const std::string& name) {
  const std::string path = FLUX_FOLDER + name + ".json";
  Result<Circuit> circuit = parse_circuit_text(read_file(path), path);
  if (!circuit) ADD_FAILURE() << circuit.error().message();
  return circuit ? std::move(circuit).value() : Circuit{};
}

// An example after so many ticks, its neurons by name.
class Watched {
 public:
  Watched(const std::string& example, Tick ticks, const CoreChoice& core) : recorder_(load(example), core) { recorder_.step(ticks); }

  NeuronIndex index(const std::string& name) {
    const auto found = recorder_.net().find(name);
    EXPECT_TRUE(found.has_value()) << name;
    return found.value_or(0);
  }
  Ticks ticks(const std::string& name) { return recorder_.spikes_of(index(name)); }
  std::size_t count(const std::string& name, Tick from = 0, Tick to = 1'000'000) { return recorder_.count(index(name), from, to); }
  SynapseView synapse(const std::string& source, const std::string& target) {
    return synapse_between(recorder_.net(), index(source), index(target));
  }
  Recorder& recorder() { return recorder_; }

 private:
  Recorder recorder_;
};

class ExampleFile : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, ExampleFile, testing::ValuesIn(FLUX_EXAMPLES),
                         [](const testing::TestParamInfo<const char*>& test) { return std::string(test.param); });

TEST_P(ExampleFile, IsCompleteCanonicalAndWithoutWarnings) {
  const std::string path = FLUX_FOLDER + GetParam() + ".json";
  const std::string text = read_file(path);
  const InspectedText inspected = inspect_circuit_text(text, path);
  for (const Diagnostic& diagnostic : inspected.diagnostics) ADD_FAILURE() << diagnostic.message();
  ASSERT_TRUE(inspected.circuit.has_value());
  EXPECT_EQ(write_circuit_text(*inspected.circuit), text) << "flux convert writes it in its canonical form";
  EXPECT_FALSE(inspected.circuit->title.empty());
  EXPECT_NE(inspected.circuit->description.find("Look at:"), std::string::npos);
  EXPECT_NE(inspected.circuit->description.find("Try:"), std::string::npos);
  for (const NeuronNode& node : inspected.circuit->neurons) EXPECT_TRUE(node.position.has_value()) << node.id;
  for (const SubcircuitNode& node : inspected.circuit->circuits) EXPECT_TRUE(node.position.has_value()) << node.id;
}

TEST_P(ExampleFile, RunsAlikeOnAllCores) {
  const Circuit circuit = load(GetParam());
  Recorder want(circuit, FLUX_REFERENCE);
  want.step(1000);
  EXPECT_GT(want.spikes().size(), 30u) << "shows something in the first second";
  for (const CoreChoice& core : FLUX_ALL_CORES) {
    Recorder got(circuit, core);
    got.step(1000);
    EXPECT_EQ(got.spikes(), want.spikes()) << core.name;
    EXPECT_EQ(got.net().hash(), want.net().hash()) << core.name;
  }
}

TEST(ExampleFolder, HoldsNoOthers) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(FLUX_FOLDER)) {
    if (entry.path().extension() == ".json") found.push_back(entry.path().stem());
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, std::vector<std::string>(std::begin(FLUX_EXAMPLES), std::end(FLUX_EXAMPLES)));
}

TEST(EmbeddingPage, ShowsTheProgramAsItIs) {
  const std::string page = read_file(FLUX_SOURCE_DIR "/docs/embedding.md");
  const std::string program = read_file(FLUX_FOLDER + "embedding.cpp");
  ASSERT_FALSE(program.empty());
  EXPECT_NE(page.find("```cpp\n" + program + "```"), std::string::npos)
      << "docs/embedding.md shows another program than examples/embedding.cpp";
}

class Example : public testing::TestWithParam<CoreChoice> {};
INSTANTIATE_TEST_SUITE_P(Cores, Example, testing::ValuesIn(FLUX_ALL_CORES),
                         [](const testing::TestParamInfo<CoreChoice>& test) { return std::string(test.param.name); });

TEST_P(Example, ReflexArc) {
  Watched run("reflex_arc", 1000, GetParam());
  EXPECT_EQ(run.ticks("skin").size(), 12u);
  EXPECT_EQ(run.ticks("flexor"), (Ticks{421, 427, 433, 439, 445, 451, 821, 827, 833, 839, 845, 851})) << "20 ms after the skin";
  const Ticks extensor = run.ticks("extensor");
  for (std::size_t i = 1; i < extensor.size(); ++i) {
    const bool reflex = extensor[i] > 405 && extensor[i - 1] < 460;
    const bool second_reflex = extensor[i] > 805 && extensor[i - 1] < 860;
    EXPECT_EQ(extensor[i] - extensor[i - 1], reflex || second_reflex ? 100 : 20) << "at " << extensor[i];
  }
}

TEST_P(Example, CoincidenceDetector) {
  Watched run("coincidence_detector", 1260, GetParam());
  for (int place = 0; place + 1 < 11; ++place) {
    const Ticks here = run.ticks("place_" + std::to_string(place));
    const Ticks next = run.ticks("place_" + std::to_string(place + 1));
    EXPECT_TRUE(std::any_of(next.begin(), next.end(), [&](Tick t) { return std::count(here.begin(), here.end(), t) == 1; }))
        << "place_" << place << " hands over to its neighbour";
    EXPECT_GE(here.size(), 8u);
    EXPECT_LE(here.size(), 9u);
    for (const Tick t : here) {
      EXPECT_TRUE(t + 420 >= 1260 || std::count(here.begin(), here.end(), t + 420) == 1) << "starts anew after 420 ms";
    }
  }
  EXPECT_GT(run.count("either"), 100u);
}

TEST_P(Example, Bursting) {
  Watched run("bursting", 1000, GetParam());
  const std::pair<const char*, Tick> trains[] = {{"answer_50", 1}, {"answer_60", 2},  {"answer_75", 4},
                                                 {"answer_90", 6}, {"answer_105", 7}, {"answer_127", 10}};
  for (const auto& [name, length] : trains) {
    const Ticks ticks = run.ticks(name);
    ASSERT_EQ(ticks.size(), static_cast<std::size_t>(4 * length)) << name;
    for (Tick k = 0; k < length; ++k) EXPECT_EQ(ticks[static_cast<std::size_t>(k)], 205 + 6 * k) << name;
  }
}

TEST_P(Example, ElectricChain) {
  Watched run("electric_chain", 1000, GetParam());
  for (int cell = 0; cell < 24; ++cell) {
    const Tick start = 251 + 3 * std::abs(cell - 8);
    EXPECT_EQ(run.ticks("cell_" + std::to_string(cell)), (Ticks{start, start + 250, start + 500})) << cell;
    EXPECT_EQ(run.count("weak_" + std::to_string(cell)), cell == 8 ? 3u : 0u) << cell;
  }
}

TEST_P(Example, ElectricChainWavesPutEachOtherOut) {
  Recorder run(load("electric_chain"), GetParam());
  run.fire(*run.net().find("cell_0"));
  run.fire(*run.net().find("cell_23"));
  run.step(240);
  EXPECT_EQ(run.spikes().size(), 24u) << "each cell fires once, and the waves meet in the middle";
}

TEST_P(Example, Habituation) {
  Watched run("habituation", 1000, GetParam());
  EXPECT_EQ(run.ticks("gill"), (Ticks{403, 423, 803, 823})) << "the first two touches of each series";
  EXPECT_EQ(run.count("alarm"), 20u);
}

TEST_P(Example, CentralPatternGenerator) {
  Watched run("central_pattern_generator", 1500, GetParam());
  const Ticks turns = run.ticks("left_fatigue");
  const auto cycle_at = [&](Tick t) {
    const auto after = std::upper_bound(turns.begin(), turns.end(), t);
    return *after - *(after - 1);
  };
  EXPECT_EQ(cycle_at(300), 170);
  EXPECT_EQ(cycle_at(500), 110) << "quickened by arousal";
  EXPECT_EQ(cycle_at(800), 170);
  EXPECT_EQ(cycle_at(1005), 110);
  EXPECT_EQ(run.count("left", 190, 280), 5u);
  EXPECT_EQ(run.count("right", 190, 275), 0u) << "the sides take turns";
  EXPECT_EQ(run.count("right", 275, 360), 5u);
  EXPECT_EQ(run.count("left", 275, 360), 0u);
}

// Six legs, front to back: of the tripod gait, {left 0, right 1, left 2} swing together and {right 0, left 1, right 2} half a step later.
TEST_P(Example, Hexapod) {
  Watched run("hexapod", 4500, GetParam());
  // Lift-offs of a leg: spikes of `swing` after a pause.
  const auto steps = [&](const std::string& leg) {
    Ticks starts;
    Tick last = -1000;
    for (const Tick t : run.ticks(leg + "/swing")) {
      if (t - last > 40) starts.push_back(t);
      last = t;
    }
    return starts;
  };
  const Ticks beat = steps("left[0]");
  // Where in the step of the left front leg that is under way at t another leg lifts off, in thousandths; and how long that step is.
  const auto phase = [&](const std::string& leg, Tick t) {
    const auto end = std::upper_bound(beat.begin(), beat.end(), t);
    const Tick start = *(end - 1), length = *end - start;
    const Ticks others = steps(leg);
    const auto after = std::lower_bound(others.begin(), others.end(), start - length / 4);
    return (*after - start) * 1000 / length;
  };
  const auto step_at = [&](Tick t) {
    const auto end = std::upper_bound(beat.begin(), beat.end(), t);
    return *end - *(end - 1);
  };
  for (const Tick t : {900, 1200, 1720, 2500, 2800, 3250, 4200}) {  // at a walk and at a run
    for (const char* leg : {"left[2]", "right[1]"}) EXPECT_LT(std::abs(phase(leg, t)), 80) << leg << " swings with left[0] at " << t;
    for (const char* leg : {"right[0]", "left[1]", "right[2]"})
      EXPECT_LT(std::abs(phase(leg, t) - 500), 80) << leg << " alternates at " << t;
  }
  EXPECT_GT(std::abs(phase("left[2]", 150)), 200) << "the legs start at odds";
  EXPECT_EQ(step_at(1200), 205);
  EXPECT_EQ(step_at(1720), 125) << "quickened by arousal";
  EXPECT_EQ(step_at(2800), 205);
  EXPECT_EQ(step_at(3200), 125);
}

TEST_P(Example, WinnerTakeAll) {
  Watched run("winner_take_all", 1000, GetParam());
  const auto winner = [&](Tick from, Tick to) {
    std::string winners;
    for (const char* name : {"red", "green", "blue", "amber"}) {
      if (run.count(name, from, to) > 0) winners += name;
    }
    return winners;
  };
  EXPECT_EQ(winner(0, 450), "green");
  EXPECT_EQ(winner(460, 580), "red");
  EXPECT_EQ(winner(590, 710), "blue");
  EXPECT_EQ(winner(720, 840), "amber");
  EXPECT_EQ(winner(850, 900), "green");
  EXPECT_GT(run.count("green", 0, 450), 10u);
}

TEST_P(Example, RingAttractor) {
  Watched run("ring_attractor", 2000, GetParam());
  EXPECT_TRUE(run.recorder().spikes().front().tick >= 400) << "silent before the first cue";
  for (int cue = 0; cue < 8; ++cue) {
    const Tick start = 400 + 200 * cue + 100;  // 50 ms after the end of the cue
    const int centre = cue % 2 == 0 ? 2 : 18;
    int width = 0;
    for (int k = 0; k < 32; ++k) {
      const bool active = run.count("head_" + std::to_string(k), start, start + 100) > 0;
      const int distance = std::min((k - centre + 32) % 32, (centre - k + 32) % 32);
      width += active ? 1 : 0;
      EXPECT_TRUE(!active || distance <= 4) << "head_" << k << " after cue " << cue;
    }
    EXPECT_EQ(width, 8) << "after cue " << cue;
  }
}

TEST_P(Example, RingAttractorRemembersWithoutInput) {
  Recorder run(load("ring_attractor"), GetParam());
  run.run_to(402);
  for (const char* name : {"clock", "south"}) ASSERT_TRUE(run.net().remove_neuron(*run.net().find(name)).ok());
  run.run_to(10'000);
  EXPECT_GT(run.count(*run.net().find("head_2"), 9900, 10'000), 2u) << "where the one cue was";
  EXPECT_EQ(run.count(*run.net().find("head_18"), 402, 10'000), 0u);
}

TEST_P(Example, ClassicalConditioning) {
  Watched run("classical_conditioning", 1000, GetParam());
  const auto answers = [&](const char* dog, Tick bell) { return run.count(dog, bell + 3, bell + 5) > 0; };
  for (const Tick bell : {81, 161, 241, 321, 401, 481}) {
    EXPECT_FALSE(answers("rewarded", bell)) << bell;
    EXPECT_FALSE(answers("unrewarded", bell)) << bell;
  }
  for (const Tick bell : {721, 801, 881, 961}) {
    EXPECT_TRUE(answers("rewarded", bell)) << bell;
    EXPECT_EQ(answers("unrewarded", bell), bell < 850) << "it learned as well, and forgets: " << bell;
  }
  EXPECT_EQ(run.synapse("bell", "unrewarded").effective_weight, 40);
  EXPECT_EQ(run.synapse("bell", "unrewarded").long_term, 0);
  EXPECT_EQ(run.synapse("bell", "rewarded").effective_weight, 127);
  EXPECT_GT(run.synapse("bell", "rewarded").long_term, 20'000) << "what lasts is long-term";
}

TEST_P(Example, Reservoir) {
  Watched run("reservoir", 2000, GetParam());
  ASSERT_EQ(run.recorder().net().size(), 1000u);
  const double rate = static_cast<double>(run.recorder().spikes().size()) / 1000 / 2;
  EXPECT_GT(rate, 5);
  EXPECT_LT(rate, 20);
  Ticks per_window(40, 0);
  for (const Spike& spike : run.recorder().spikes()) ++per_window[static_cast<std::size_t>(spike.tick / 50)];
  EXPECT_GT(*std::min_element(per_window.begin() + 4, per_window.end()), 50) << "never dies out";
  std::sort(per_window.begin(), per_window.end());
  const auto distinct = std::unique(per_window.begin(), per_window.end()) - per_window.begin();
  EXPECT_GT(distinct, 25) << "no beat gets the answer of another";
}

}  // namespace
}  // namespace flux::test
