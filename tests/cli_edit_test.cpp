// flux edit and flux diff.
#include "cli_test_support.h"

namespace flux {
namespace {

using CliEdit = CliTest;

constexpr const char* FLUX_CHANGES = R"({"fluxOperations": 1, "operations": [
  {"op": "set", "node": "pace", "properties": {"autoFiringRate": 20}},
  {"op": "add", "list": "neurons", "value": {"id": "echo", "//": "answers"}},
  {"op": "add", "list": "synapses", "value": {"from": "follower", "to": "echo", "weight": 127}}]}
)";

TEST_F(CliEdit, AppliesOperationsAndSaysSo) {
  write("pacemaker.json", FLUX_PACEMAKER);
  write("changes.json", FLUX_CHANGES);
  const Outcome done = flux({"edit", "pacemaker.json", "changes.json", "-o", "echo.json"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(done.out, "3 operations applied, echo.json written\n");
  EXPECT_TRUE(has(read("echo.json"), "    // answers\n    {\"id\": \"echo\"}"));
  const Outcome run = flux({"run", "echo.json", "--for", "200", "--record", "-"});
  EXPECT_TRUE(has(run.out, "echo\n"));
}

TEST_F(CliEdit, DiffIsReadableAndIsAppliedAgain) {
  write("a.json", FLUX_PACEMAKER);
  write("changes.json", FLUX_CHANGES);
  ASSERT_EQ(flux({"edit", "a.json", "changes.json", "-o", "b.json", "-q"}).status, 0);
  const Outcome said = flux({"diff", "a.json", "b.json"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(said.out,
            "the root circuit\n"
            "  ~ neuron \"pace\"  autoFiringRate 10 -> 20\n"
            "  + neuron \"echo\"  {\"id\": \"echo\", \"//\": \"answers\"}\n"
            "  + synapse follower > echo  {\"from\": \"follower\", \"to\": \"echo\", \"weight\": 127}\n");
  write("diff.json", flux({"diff", "a.json", "b.json", "--json"}).out);
  ASSERT_EQ(flux({"edit", "a.json", "diff.json", "-o", "again.json", "-q"}).status, 0);
  EXPECT_EQ(read("again.json"), read("b.json"));
  EXPECT_EQ(flux({"diff", "b.json", "again.json"}).out, "no difference\n");
}

TEST_F(CliEdit, TheInverseIsOperationsToo) {
  write("a.json", FLUX_PACEMAKER);
  ASSERT_EQ(flux({"convert", "a.json", "canonical.json"}).status, 0);
  write("changes.json", FLUX_CHANGES);
  const Outcome done = flux({"edit", "a.json", "changes.json", "-o", "b.json", "--inverse", "back.json"});
  ASSERT_EQ(done.status, 0) << done.err;
  ASSERT_NE(read("b.json"), read("canonical.json"));
  ASSERT_EQ(flux({"edit", "b.json", "back.json", "-o", "a_again.json"}).status, 0);
  EXPECT_EQ(read("a_again.json"), read("canonical.json"));
  EXPECT_NE(flux({"edit", "a.json", "changes.json", "-o", "c.json", "--inverse", "a.json"}).status, 0) << "a.json is an input";
  write("unsound.json", R"([{"op": "add", "list": "synapses", "value": {"from": "pace", "to": "leg/hip"}}])");
  EXPECT_EQ(flux({"edit", "a.json", "unsound.json", "-o", "d.json", "--inverse", "d_back.json"}).status, 1);
  EXPECT_FALSE(exists("d_back.json"));
}

TEST_F(CliEdit, LearnedWeightsAreSummedUp) {
  const auto circuit = [](const std::string& learned) {
    std::string text = R"({"flux": 1, "neurons": [{"id": "a"}, {"id": "b"}], "synapses": [)";
    for (int i = 0; i < 3; ++i)
      text += std::string(i == 0 ? "" : ", ") + R"({"from": "a", "to": "b", "weight": )" + std::to_string(i) + R"(, "stmRate": 9)" +
              learned + "}";
    return text + "]}";
  };
  write("a.json", circuit(""));
  write("b.json", circuit(R"(, "longTerm": 512)"));
  EXPECT_EQ(flux({"diff", "a.json", "b.json"}).out, "the root circuit\n  ~ 3 synapses learned: +2.00 weight on average\n");
}

TEST_F(CliEdit, ASavedStateGoesOn) {
  write("pacemaker.json", FLUX_PACEMAKER);
  write("changes.json", R"([{"op": "set", "node": "follower", "properties": {"position": [1, 2]}}])");
  ASSERT_EQ(flux({"run", "pacemaker.json", "--for", "55", "--save", "at55.flx"}).status, 0);
  ASSERT_EQ(flux({"edit", "at55.flx", "changes.json", "-o", "edited.flx"}).status, 0);
  const std::string before = flux({"run", "at55.flx", "--for", "100", "--record", "-"}).out;
  EXPECT_EQ(flux({"run", "edited.flx", "--for", "100", "--record", "-"}).out, before);
  EXPECT_TRUE(has(before, "follower"));
}

TEST_F(CliEdit, MistakesAreToldAndNothingIsWritten) {
  write("pacemaker.json", FLUX_PACEMAKER);
  write("wrong.json", R"([{"op": "remove", "node": "ghost"}])");
  const Outcome wrong = flux({"edit", "pacemaker.json", "wrong.json", "-o", "out.json"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_TRUE(has(wrong.err, "wrong.json: there is no neuron, organ or circuit \"ghost\""));
  write("unsound.json", R"([{"op": "add", "list": "synapses", "value": {"from": "pace", "to": "leg/hip"}}])");
  const Outcome unsound = flux({"edit", "pacemaker.json", "unsound.json", "-o", "out.json"});
  EXPECT_EQ(unsound.status, 1);
  EXPECT_TRUE(has(unsound.err, "\"leg/hip\" leads nowhere"));
  write("broken.json", "[{\n  \"op\": \"set\"");
  EXPECT_TRUE(has(flux({"edit", "pacemaker.json", "broken.json", "-o", "out.json"}).err, "broken.json:2:"));
  EXPECT_FALSE(exists("out.json"));
  EXPECT_EQ(flux({"edit", "pacemaker.json", "wrong.json", "-o", "out.txt"}).status, 2);
}

}  // namespace
}  // namespace flux
