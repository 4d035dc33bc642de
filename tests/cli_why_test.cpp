// flux why.
#include <nlohmann/json.hpp>

#include "cli_test_support.h"

namespace flux {
namespace {

using CliWhy = CliTest;

TEST_F(CliWhy, WalksBackToWhereItBegan) {
  write("pacemaker.json", FLUX_PACEMAKER);
  const Outcome told = flux({"why", "pacemaker.json", "muscle", "--for", "40"});
  EXPECT_EQ(told.status, 0) << told.err;
  EXPECT_EQ(told.out,
            "\n● follower fired in tick 33   33 ms\n\n"
            "  level 0 + 127 reached threshold 127\n"
            "  └─  +127  pace  fired in tick 30, 3 ticks on the way\n"
            "            because its own timer was due\n\n");
  const Outcome quiet = flux({"why", "pacemaker.json", "follower", "--at", "34"});
  EXPECT_EQ(quiet.status, 0) << quiet.err;
  EXPECT_TRUE(has(quiet.out, "○ follower did not fire in tick 34"));
  EXPECT_TRUE(has(quiet.out, "it was refractory"));
}

TEST_F(CliWhy, TellsStimuliAndLearnedWeights) {
  write("net.json", R"({"flux": 1, "neurons": [{"id": "skin"}, {"id": "calm"}, {"id": "flexor", "threshold": 60}], "synapses": [
    {"from": "skin", "to": "flexor", "weight": 90, "length": 5, "stmRate": 40}, {"from": "calm", "to": "flexor", "weight": -20, "length": 5}]})");
  write("touch.csv", "tick,neuron,kind,value\n10,skin,fire,0\n10,calm,direct,127\n60,skin,direct,127\n");
  const Outcome told = flux({"why", "net.json", "flexor", "--stim", "touch.csv", "--for", "40", "--json"});
  ASSERT_EQ(told.status, 0) << told.err;
  const auto json = nlohmann::json::parse(told.out);
  EXPECT_EQ(json["neuron"], "flexor");
  EXPECT_EQ(json["tick"], 15);
  EXPECT_EQ(json["fires"], true);
  ASSERT_EQ(json["arrivals"].size(), 2u);
  EXPECT_EQ(json["arrivals"][0]["added"], 90);
  EXPECT_EQ(json["arrivals"][0]["length"], 5);
  EXPECT_EQ(json["arrivals"][0]["from"]["neuron"], "skin");
  EXPECT_EQ(json["arrivals"][0]["from"]["stimuli"][0]["kind"], "fire");
  EXPECT_EQ(json["arrivals"][1]["added"], -20);
  EXPECT_EQ(json["arrivals"][1]["from"]["stimuli"][0]["value"], 127);
  const Outcome later = flux({"why", "net.json", "flexor", "--stim", "touch.csv", "--for", "80"});
  EXPECT_TRUE(has(later.out, "fired in tick 65"));
  EXPECT_TRUE(has(later.out, "learned ")) << "of a plastic synapse what it knows is told";
  EXPECT_TRUE(has(later.out, "+127  stimulus from outside"));
  const Outcome shallow = flux({"why", "net.json", "flexor", "--stim", "touch.csv", "--for", "40", "--depth", "0", "--causes", "1"});
  EXPECT_TRUE(has(shallow.out, "together from 1 more"));
  EXPECT_FALSE(has(shallow.out, "from outside"));
}

TEST_F(CliWhy, MistakesAreTold) {
  write("pacemaker.json", FLUX_PACEMAKER);
  EXPECT_TRUE(has(flux({"why", "pacemaker.json", "ghost"}).err, "there is no neuron \"ghost\""));
  write("still.json", R"({"flux": 1, "neurons": [{"id": "a"}]})");
  const Outcome still = flux({"why", "still.json", "a"});
  EXPECT_EQ(still.status, 1);
  EXPECT_TRUE(has(still.err, "\"a\" does not fire in ticks 0 to 4999"));
  EXPECT_EQ(flux({"why", "pacemaker.json", "pace", "--depth", "65"}).status, 2);
}

}  // namespace
}  // namespace flux
