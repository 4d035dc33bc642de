// flux generate, and what docs/generators.md shows.
#include <sstream>

#include "circuit/flatten.h"
#include "cli_test_support.h"
#include "file/circuit_text.h"

namespace flux {
namespace {

using CliGenerate = CliTest;

std::string page() { return read_whole(std::string(FLUX_SOURCE_DIR) + "/docs/generators.md"); }

// The blocks of a page that are fenced as ```language.
std::vector<std::string> blocks(const std::string& language) {
  std::vector<std::string> found;
  const std::string text = page(), fence = "```" + language + "\n";
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at + 1)) {
    const std::size_t begin = at + fence.size();
    found.push_back(text.substr(begin, text.find("```", begin) - begin));
  }
  return found;
}

TEST_F(CliGenerate, MakesACircuitThatRuns) {
  const Outcome made = flux({"generate", "pattern", "--set", "phases=3", "--set", "spikes=2", "-o", "gait.json"});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_TRUE(has(made.out, "gait.json: Central pattern generator of 9 neurons"));
  EXPECT_TRUE(has(read("gait.json"), "phases 3, spikes 2, interval 10"));
  const Outcome run = flux({"run", "gait.json", "--for", "300", "--record", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  for (const char* spike : {"phase[0]\n", "phase[1]\n", "phase[2]\n"}) EXPECT_TRUE(has(run.out, spike));
  EXPECT_EQ(flux({"check", "gait.json"}).status, 0);
}

TEST_F(CliGenerate, WritesEitherFormOrStandardOutput) {
  const std::vector<std::string> sheet = {"generate", "sheet", "--seed", "5", "-o"};
  const auto to = [&](const std::string& out) {
    auto arguments = sheet;
    arguments.push_back(out);
    return flux(arguments);
  };
  EXPECT_EQ(to("sheet.json").status, 0);
  EXPECT_EQ(to("sheet.flx").status, 0);
  EXPECT_EQ(to("-").out, read("sheet.json"));
  EXPECT_EQ(flux({"convert", "sheet.flx", "back.json"}).status, 0);
  EXPECT_EQ(read("back.json"), read("sheet.json"));
}

TEST_F(CliGenerate, TellsWhatThereIs) {
  const Outcome list = flux({"generate", "--list"});
  EXPECT_EQ(list.status, 0);
  for (const char* name : {"reservoir", "layer", "ring", "sheet", "stack", "pattern", "winner", "balanced"})
    EXPECT_TRUE(has(list.out, name));
  const Outcome settings = flux({"generate", "sheet", "--help-settings"});
  EXPECT_EQ(settings.status, 0);
  for (const char* text : {"setting", "columns", "3..4000", "24", "clip or wrap"}) EXPECT_TRUE(has(settings.out, text));
  std::istringstream lines(settings.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST_F(CliGenerate, TellsWhatIsWrong) {
  const auto fails = [&](std::vector<std::string> arguments, int status, const std::string& words) {
    arguments.insert(arguments.begin(), "generate");
    const Outcome outcome = flux(arguments);
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_TRUE(has(outcome.err, words));
    EXPECT_EQ(file_count(), 0u);
  };
  fails({}, 2, "flux generate --list");
  fails({"ring"}, 2, "-o OUT.json");
  fails({"rong", "-o", "a.json"}, 1, "did you mean ring?");
  fails({"ring", "--set", "neurons", "-o", "a.json"}, 2, "name=value");
  fails({"ring", "--set", "neurons=20", "--set", "neurons=30", "-o", "a.json"}, 2, "twice");
  fails({"ring", "--set", "neurons=3", "-o", "a.json"}, 1, "ring: neurons cannot be \"3\"; use 24..1000000");
  fails({"ring", "--set", "colour=3", "-o", "a.json"}, 1, "ring: there is no setting \"colour\"");
}

TEST_F(CliGenerate, TheCommandsOfThePageWork) {
  std::size_t commands = 0;
  for (const std::string& block : blocks("sh")) {
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line); ++commands) {
      std::istringstream words(line);
      std::vector<std::string> arguments;
      for (std::string word; words >> word;) arguments.push_back(word);
      ASSERT_EQ(arguments.front(), "flux") << line;
      arguments.erase(arguments.begin());
      const Outcome outcome = flux(arguments);
      EXPECT_EQ(outcome.status, 0) << line << "\n" << outcome.err;
      EXPECT_EQ(flux({"run", arguments.back(), "--for", "20"}).status, 0) << line;
    }
  }
  EXPECT_GE(commands, 4u);
}

TEST(GeneratorsPage, ItsCircuitsAreSound) {
  const auto circuits = blocks("json");
  ASSERT_GE(circuits.size(), 2u);
  for (const std::string& text : circuits) {
    const InspectedText inspected = inspect_circuit_text(text, "generators.md");
    for (const Diagnostic& diagnostic : inspected.diagnostics) ADD_FAILURE() << diagnostic.to_error().message();
    ASSERT_TRUE(inspected.circuit);
    const auto graph = flatten(*inspected.circuit);
    ASSERT_TRUE(graph.ok());
    EXPECT_GT(graph.value().synapse_count(), 2000u);
  }
}

}  // namespace
}  // namespace flux
