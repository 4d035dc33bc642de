// The shell's commands, driven as a person drives them: arguments in; exit status, messages and files out.
#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli_test_support.h"

namespace flux {
namespace {

class CliRun : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    write("pace.json", FLUX_PACEMAKER);
  }
};

TEST_F(CliRun, RecordsSpikesInOrder) {
  const Outcome run = flux({"run", "pace.json", "--for", "25ms", "--record", "spikes.csv"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(read("spikes.csv"), "tick,neuron\n10,pace\n13,follower\n20,pace\n23,follower\n");
  EXPECT_TRUE(has(run.out, "Pacemaker"));
  EXPECT_EQ(run.err, "");
}

TEST_F(CliRun, WritesTheRecordToStandardOutput) {
  const Outcome run = flux({"run", "pace.json", "--for", "12", "--record", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out, "tick,neuron\n10,pace\n");
  EXPECT_TRUE(has(run.err, "Pacemaker"));
}

TEST_F(CliRun, ReadsDurations) {
  const std::pair<const char*, std::int64_t> durations[] = {{"1500", 1500}, {"500ms", 500}, {"2s", 2000}, {"0.25s", 250}, {"1m", 60000}};
  for (const auto& [text, ticks] : durations) {
    ASSERT_EQ(flux({"run", "pace.json", "--for", text, "--stats", "stats.json"}).status, 0) << text;
    EXPECT_EQ(nlohmann::json::parse(read("stats.json"))["ticks"], ticks) << text;
  }
  for (const char* text : {"", "0", "-1s", "2q", "1.5", "s", "1e99s", "nan"}) {
    const Outcome run = flux({"run", "pace.json", std::string("--for=") + text});
    EXPECT_EQ(run.status, 2) << "'" << text << "'";
  }
}

TEST_F(CliRun, GivesStimuli) {
  write("stim.csv",
        "tick,neuron,kind,value\n"
        "# one by path, one by alias, each kind\n"
        "2,follower,direct,127\n"
        "30, skin ,fire,\n"
        "1,follower,modulate,0\n");
  const Outcome run = flux({"run", "pace.json", "--for", "32", "--stim", "stim.csv", "--record", "spikes.csv"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(read("spikes.csv"), "tick,neuron\n2,follower\n10,pace\n13,follower\n20,pace\n23,follower\n30,pace\n30,follower\n");
}

TEST_F(CliRun, TellsWhatIsWrongWithStimuliAndWhere) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"tick;neuron\n", "stim.csv:1: the first line must be the header"},
      {"tick,neuron,kind,value\n5,nobody,fire,\n", "stim.csv:2: there is no neuron 'nobody'"},
      {"tick,neuron,kind,value\n\n5,pace,kick,1\n", "stim.csv:3: unknown kind 'kick'"},
      {"tick,neuron,kind,value\nx,pace,fire,\n", "stim.csv:2: tick is 'x'"},
      {"tick,neuron,kind,value\n-1,pace,fire,\n", "stim.csv:2: tick is '-1'"},
      {"tick,neuron,kind,value\n5,pace,direct,\n", "stim.csv:2: value is ''"},
      {"tick,neuron,kind,value\n5,pace,direct\n", "stim.csv:2: 3 fields where 4 belong"},
  };
  for (const auto& [text, message] : mistakes) {
    write("stim.csv", text);
    const Outcome run = flux({"run", "pace.json", "--stim", "stim.csv"});
    EXPECT_EQ(run.status, 1) << text;
    EXPECT_TRUE(has(run.err, message));
  }
}

TEST_F(CliRun, MentionsStimuliAfterTheEnd) {
  write("stim.csv", "tick,neuron,kind,value\n500,pace,fire,\n");
  const Outcome run = flux({"run", "pace.json", "--for", "10", "--stim", "stim.csv"});
  EXPECT_EQ(run.status, 0);
  EXPECT_TRUE(has(run.err, "after the end"));
}

TEST_F(CliRun, TracesStates) {
  write("stim.csv", "tick,neuron,kind,value\n1,follower,direct,10\n");
  const Outcome run = flux({"run", "pace.json", "--for", "5", "--stim", "stim.csv", "--trace", "follower,pace:level,threshold=trace.csv"});
  EXPECT_EQ(run.status, 0) << run.err;
  // 10 levels at tick 1, then a leak of 20/16 level a tick.
  EXPECT_EQ(read("trace.csv"),
            "tick,neuron,level,threshold\n"
            "0,follower,0,127\n0,pace,0,127\n"
            "1,follower,10,127\n1,pace,0,127\n"
            "2,follower,8.75,127\n2,pace,0,127\n"
            "3,follower,7.5,127\n3,pace,0,127\n"
            "4,follower,6.25,127\n4,pace,0,127\n");
  EXPECT_EQ(flux({"run", "pace.json", "--trace", "pace:colour=trace.csv"}).status, 2);
  EXPECT_EQ(flux({"run", "pace.json", "--trace", "pace"}).status, 2);
  EXPECT_EQ(flux({"run", "pace.json", "--trace", "nobody:level=trace.csv"}).status, 1);
}

TEST_F(CliRun, DrawsAPicture) {
  const Outcome run = flux({"run", "pace.json", "--for", "100ms", "--svg", "raster.svg"});
  EXPECT_EQ(run.status, 0) << run.err;
  const std::string svg = read("raster.svg");
  EXPECT_TRUE(has(svg, "<svg xmlns"));
  EXPECT_TRUE(has(svg, ">follower</text>"));
  EXPECT_TRUE(has(svg, ">Pacemaker</text>"));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_LT(svg.size(), 6000u);
}

TEST_F(CliRun, CountsInStatistics) {
  ASSERT_EQ(flux({"run", "pace.json", "--for", "1s", "--core", "reference", "--stats", "stats.json"}).status, 0);
  const auto stats = nlohmann::json::parse(read("stats.json"));
  EXPECT_EQ(stats["neurons"], 2);
  EXPECT_EQ(stats["synapses"], 1);
  EXPECT_EQ(stats["spikes"], 99 + 99);  // pace at 10, 20 .. 990, follower 3 later
  EXPECT_EQ(stats["core"], "reference");
  EXPECT_EQ(stats["interrupted"], false);
  EXPECT_DOUBLE_EQ(stats["meanRateHz"].get<double>(), 99.0);
}

TEST_F(CliRun, ContinuesASavedStateBitForBit) {
  const std::string file = example("reservoir.json");
  ASSERT_EQ(flux({"run", file, "--for", "700", "--record", "whole.csv", "--save", "whole.flx"}).status, 0);
  ASSERT_EQ(flux({"run", file, "--for", "300", "--record", "first.csv", "--save", "state.flx"}).status, 0);
  const Outcome second = flux({"run", "state.flx", "--for", "400", "--record", "second.csv", "--save", "end.flx", "--threads", "2"});
  ASSERT_EQ(second.status, 0) << second.err;
  const std::string header = "tick,neuron\n";
  ASSERT_GT(read("first.csv").size(), header.size()) << "a silent network proves nothing";
  ASSERT_GT(read("second.csv").size(), header.size()) << "a silent network proves nothing";
  EXPECT_EQ(read("first.csv") + read("second.csv").substr(header.size()), read("whole.csv"));
  EXPECT_EQ(flux({"hash", "end.flx", "--for", "50"}).out, flux({"hash", "whole.flx", "--for", "50"}).out);
}

TEST_F(CliRun, RefusesStimuliBeforeTheStartOfASavedState) {
  ASSERT_EQ(flux({"run", "pace.json", "--for", "100", "--save", "state.flx"}).status, 0);
  write("stim.csv", "tick,neuron,kind,value\n99,pace,fire,\n");
  const Outcome run = flux({"run", "state.flx", "--stim", "stim.csv"});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(has(run.err, "stim.csv:2: tick 99 is before the start of the run at tick 100"));
}

TEST_F(CliRun, AFailedRunLeavesOldFilesAlone) {
  write("spikes.csv", "precious");
  write("stim.csv", "tick,neuron,kind,value\n5,nobody,fire,\n");
  EXPECT_EQ(flux({"run", "pace.json", "--stim", "stim.csv", "--record", "spikes.csv"}).status, 1);
  EXPECT_EQ(flux({"run", "pace.json", "--record", "spikes.csv", "--svg", "no/such/folder/raster.svg"}).status, 1);
  EXPECT_EQ(read("spikes.csv"), "precious");
  EXPECT_EQ(file_count(), 3u) << "no temporary file stays behind";
  EXPECT_EQ(flux({"run", "pace.json", "--record", "same", "--svg", "same"}).status, 1);
}

TEST_F(CliRun, WritesNeitherOverItsInputsNorTwiceToOneFile) {
  write("stim.csv", "tick,neuron,kind,value\n2,pace,fire,\n");
  const std::vector<std::string> outputs[] = {{"--record", "pace.json"},
                                              {"--svg", "./stim.csv"},
                                              {"--record", "a.csv", "--stats", "./a.csv"},
                                              {"--record", "a.csv", "--trace", "pace:level=a.csv"},
                                              {"--save", "-"}};
  for (const std::vector<std::string>& words : outputs) {
    std::vector<std::string> arguments = {"run", "pace.json", "--for", "10", "--stim", "stim.csv"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    EXPECT_EQ(flux(arguments).status, 1) << words[1];
  }
  EXPECT_EQ(read("pace.json"), FLUX_PACEMAKER);
  EXPECT_EQ(file_count(), 2u);
  // A state may replace the one it continues.
  EXPECT_EQ(flux({"run", "pace.json", "--for", "10", "--save", "state.flx"}).status, 0);
  EXPECT_EQ(flux({"run", "state.flx", "--for", "10", "--save", "state.flx"}).status, 0);
}

TEST_F(CliRun, RefusesValuesThatAreNoNumbers) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"--speed", "nan"}, {"--speed", "infx"}, {"--for", "nans"}, {"--seed", "-1"}, {"--seed", "18446744073709551616"},
      {"--seed", ""},     {"--record", ""},    {"--stim", ""}};
  for (const auto& [option, value] : mistakes)
    EXPECT_EQ(flux({"run", "pace.json", "--for", "10", option, value}).status, 2) << option << value;
}

TEST_F(CliRun, ShowsBytesThatAreNoText) {
  write("stim.csv", std::string("tick,neuron,kind,value\n1,a\0b\x1b[31m,fire,\n", 41));
  EXPECT_TRUE(has(flux({"run", "pace.json", "--stim", "stim.csv"}).err, "'a\\x00b\\x1b[31m'"));
  write("stim.csv", "tick,neuron,kind,value\n1,\xff,fire,\n");
  EXPECT_TRUE(has(flux({"run", "pace.json", "--stim", "stim.csv"}).err, "stim.csv:2: this line is not valid UTF-8"));
}

TEST_F(CliRun, WatchNeedsATerminal) {
  const Outcome run = flux({"run", "pace.json", "--watch"});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(has(run.err, "terminal"));
}

class CliStop : public CliRun, public testing::WithParamInterface<int> {};

TEST_P(CliStop, KeepsEverythingRecordedSoFar) {
  const pid_t process = start({"run", "pace.json", "--for", "10000h", "--record", "spikes.csv", "--stats", "stats.json"});
  // The record is on its way once its temporary file holds something.
  const auto is_recording = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      std::error_code gone;
      if (entry.path().filename() != "pace.json" && entry.file_size(gone) > 0 && !gone) return true;
    }
    return false;
  };
  while (!is_recording() && ::waitpid(process, nullptr, WNOHANG) == 0) std::this_thread::yield();
  ASSERT_EQ(::kill(process, GetParam()), 0);
  const Outcome run = finish(process);
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(has(run.out, "stopped"));
  const auto stats = nlohmann::json::parse(read("stats.json"));
  EXPECT_EQ(stats["interrupted"], true);
  const std::string spikes = read("spikes.csv");
  const auto lines = std::count(spikes.begin(), spikes.end(), '\n');
  EXPECT_EQ(stats["spikes"], lines - 1);
  EXPECT_TRUE(spikes.ends_with("\n"));
  EXPECT_EQ(file_count(), 3u) << "no temporary file stays behind";
}

INSTANTIATE_TEST_SUITE_P(Signals, CliStop, testing::Values(SIGINT, SIGTERM));

class CliFiles : public CliRun {};

TEST_F(CliFiles, CheckFindsNothingWrong) {
  const Outcome check = flux({"check", "pace.json"});
  EXPECT_EQ(check.status, 0) << check.out << check.err;
  EXPECT_TRUE(has(check.out, "fine"));
}

TEST_F(CliFiles, CheckTellsThePlaceOfAnError) {
  write("bad.json",
        "{\n  \"flux\": 1,\n  \"neurons\": [\n    {\"id\": \"a\", \"threshold\": 300},\n    {\"id\": \"b\", \"treshold\": 30}\n  ]\n}\n");
  const Outcome check = flux({"check", "bad.json"});
  EXPECT_EQ(check.status, 1);
  EXPECT_TRUE(has(check.out, "bad.json:4:"));
  EXPECT_TRUE(has(check.out, "bad.json:5:"));
  EXPECT_TRUE(has(check.out, "threshold"));
  EXPECT_TRUE(has(check.err, "2 errors"));
}

TEST_F(CliFiles, WhateverOpensAFileTellsAllItsErrors) {
  std::string neurons;
  for (int i = 0; i < 30; ++i) {
    neurons += std::string(i == 0 ? "" : ",\n") + "    {\"id\": \"n" + std::to_string(i) + "\", \"threshold\": 300}";
  }
  write("bad.json", "{\n  \"flux\": 1,\n  \"neurons\": [\n" + neurons + "\n  ]\n}\n");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"run", "bad.json"}, {"convert", "bad.json", "bad.flx"}, {"diff", "pace.json", "bad.json"}}) {
    const Outcome outcome = flux(command);
    EXPECT_EQ(outcome.status, 1) << command[0];
    for (const char* part : {"30 errors in bad.json", "bad.json:4:", "bad.json:23:", "and 10 more: flux check bad.json"}) {
      EXPECT_TRUE(has(outcome.err, part)) << command[0] << " " << part;
    }
    EXPECT_FALSE(has(outcome.err, "bad.json:24:")) << command[0];
  }
  write("worse.json", "{\"flux\": 1,, \"neurons\": []}\n");
  const Outcome run = flux({"run", "worse.json"});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(has(run.err, "worse.json:1:"));
  EXPECT_TRUE(has(run.err, "this is not valid JSON"));
}

TEST_F(CliFiles, InfoTellsWhatIsInside) {
  const Outcome info = flux({"info", "pace.json"});
  EXPECT_EQ(info.status, 0) << info.err;
  for (const char* text : {"Pacemaker", "neurons", "memory", "→ skin", "← muscle", "├─ pace"}) EXPECT_TRUE(has(info.out, text));
  const auto json = nlohmann::json::parse(flux({"info", example("reservoir.json"), "--json"}).out);
  EXPECT_EQ(json["neurons"], 1000);
  EXPECT_GT(json["synapses"], 10000);
  EXPECT_GT(json["bytesPerSynapse"], 0);
  EXPECT_GT(json["bytesPerNeuron"], 0);
}

TEST_F(CliFiles, ConvertLosesNothing) {
  for (const char* name : {"reservoir.json", "classical_conditioning.json", "reflex_arc.json"}) {
    ASSERT_EQ(flux({"convert", example(name), "canonical.json"}).status, 0) << name;
    ASSERT_EQ(flux({"convert", example(name), "circuit.flx"}).status, 0) << name;
    ASSERT_EQ(flux({"convert", "circuit.flx", "again.json"}).status, 0) << name;
    ASSERT_EQ(flux({"convert", "again.json", "compiled.flx", "--compile"}).status, 0) << name;
    ASSERT_EQ(flux({"convert", "compiled.flx", "third.json"}).status, 0) << name;
    ASSERT_FALSE(read("canonical.json").empty());
    EXPECT_EQ(read("again.json"), read("canonical.json")) << name;
    EXPECT_EQ(read("third.json"), read("canonical.json")) << name;
    const std::string hash = flux({"hash", example(name), "--for", "600"}).out;
    EXPECT_EQ(flux({"hash", "circuit.flx", "--for", "600"}).out, hash) << name;
    EXPECT_EQ(flux({"hash", "compiled.flx", "--for", "600"}).out, hash) << name;
  }
}

TEST_F(CliFiles, ConvertDoesNotDropAStateSilently) {
  ASSERT_EQ(flux({"run", "pace.json", "--for", "100", "--save", "state.flx"}).status, 0);
  const Outcome refused = flux({"convert", "state.flx", "out.json"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(has(refused.err, "--drop-state"));
  EXPECT_FALSE(exists("out.json"));
  EXPECT_EQ(flux({"convert", "state.flx", "out.json", "--drop-state"}).status, 0);
  ASSERT_EQ(flux({"convert", "state.flx", "copy.flx"}).status, 0);
  EXPECT_EQ(flux({"hash", "copy.flx", "--for", "50"}).out, flux({"hash", "state.flx", "--for", "50"}).out);
  EXPECT_EQ(flux({"convert", "pace.json", "out.xml"}).status, 2);
  EXPECT_EQ(flux({"convert", "pace.json", "out.json", "--compile"}).status, 2);
}

TEST_F(CliFiles, ConvertTellsWhatLearnedWeightsStayBehind) {
  write("learns.json", R"({"flux": 1, "neurons": [{"id": "a", "count": 3, "autoFiringRate": 9}, {"id": "m", "autoFiringRate": 20},
    {"id": "t", "modulationLeak": 1, "modulates": "learning"}],
    "synapses": [{"from": "m", "to": "t", "type": "modulator", "weight": 100}, {"from": "m", "to": "t", "weight": 60, "stmRate": 30, "ltmRate": 20}],
    "fibers": [{"from": ["a"], "to": ["t"], "rule": "all-to-all", "weight": 60, "stmRate": 30, "ltmRate": 20}]})");
  ASSERT_EQ(flux({"run", "learns.json", "--for", "2000", "--save", "learned.flx"}).status, 0);
  const Outcome dropped = flux({"convert", "learned.flx", "out.json", "--drop-state"});
  EXPECT_EQ(dropped.status, 0);
  EXPECT_EQ(dropped.err,
            "flux convert: 3 learned weights stay behind with the state: text has only those of single synapses; a .flx keeps all\n");
  EXPECT_TRUE(has(read("out.json"), "longTerm")) << "of the single synapse";
}

TEST_F(CliFiles, DamagedBinaryFilesAreRefused) {
  ASSERT_EQ(flux({"convert", "pace.json", "pace.flx"}).status, 0);
  const std::string whole = read("pace.flx");
  write("short.flx", whole.substr(0, whole.size() / 2));
  std::string flipped = whole;
  const std::size_t name_of_a_neuron = whole.find("follower");
  ASSERT_NE(name_of_a_neuron, std::string::npos);
  flipped[name_of_a_neuron] = 'F';
  write("flipped.flx", flipped);
  write("empty.flx", "");
  for (const char* name : {"short.flx", "flipped.flx", "empty.flx"}) {
    for (const char* command : {"run", "check", "info", "hash"}) {
      const Outcome refused = flux({command, name});
      EXPECT_EQ(refused.status, 1) << command << " " << name;
      EXPECT_TRUE(has(refused.err, name));
    }
  }
}

TEST_F(CliFiles, HashIsTheSameOnAllCores) {
  const std::vector<std::string> run = {"hash", example("reservoir.json"), "--for", "400ms"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), run.begin(), run.end());
    return flux(more).out;
  };
  const std::string want = with({"--core", "reference"});
  ASSERT_EQ(want.size(), std::string("spikes 0123456789abcdef\nstate  0123456789abcdef\n").size());
  for (const char* threads : {"1", "2", "8"}) EXPECT_EQ(with({"--core", "cpu", "--threads", threads}), want);
  EXPECT_NE(with({"--seed", "99"}), want) << "this circuit has noise: another seed is another run";
}

TEST_F(CliFiles, HashHearsStimuli) {
  write("stim.csv", "tick,neuron,kind,value\n5,follower,fire,\n");
  EXPECT_NE(flux({"hash", "pace.json", "--stim", "stim.csv"}).out, flux({"hash", "pace.json"}).out);
}

TEST_F(CliFiles, PlotDrawsARecording) {
  write("spikes.csv", "tick,neuron\n0,pool[2]\n5,pool[10]\n9,solo\n");
  ASSERT_EQ(flux({"plot", "spikes.csv", "-o", "all.svg", "--title", "A < B", "--width", "800", "--height", "300"}).status, 0);
  const std::string svg = read("all.svg");
  EXPECT_TRUE(has(svg, "width=\"800\" height=\"300\""));
  EXPECT_TRUE(has(svg, "A &lt; B"));
  EXPECT_TRUE(has(svg, "3 neurons"));
  EXPECT_LT(svg.find("pool[2]<"), svg.find("pool[10]<")) << "in natural order";
  ASSERT_EQ(flux({"plot", "spikes.csv", "-o", "pool.svg", "--neurons", "pool"}).status, 0);
  EXPECT_TRUE(has(read("pool.svg"), "2 neurons"));
  const Outcome text = flux({"plot", "spikes.csv"});
  EXPECT_EQ(text.status, 0);
  EXPECT_TRUE(has(text.out, "pool[10] │"));
}

TEST_F(CliFiles, PlotOfThousandsOfRowsIsCompact) {
  std::string spikes = "tick,neuron\n";
  std::size_t count = 0;
  for (int tick = 0; tick < 2000; ++tick) {
    for (int neuron = tick * 7 % 50; neuron < 5000; neuron += 50, ++count) {
      spikes += std::to_string(tick) + ",pool[" + std::to_string(neuron) + "]\n";
    }
  }
  write("spikes.csv", spikes);
  ASSERT_EQ(flux({"plot", "spikes.csv", "-o", "raster.svg"}).status, 0);
  const std::string svg = read("raster.svg");
  EXPECT_TRUE(has(svg, ">pool</text>")) << "thin rows are labelled by population";
  EXPECT_LT(svg.size(), count * 12) << "a dozen bytes a spike at most";
}

TEST_F(CliFiles, PlotFindsNeuronsByPattern) {
  write("spikes.csv", "tick,neuron\n1,pool[3]\n2,pool[12]\n3," + std::string(100, 'a') + "\n");
  const auto plotted = [&](const std::string& pattern) { return flux({"plot", "spikes.csv", "--neurons", pattern}); };
  EXPECT_TRUE(has(plotted("p*l[1*]").out, "pool[12]"));
  EXPECT_FALSE(has(plotted("p*l[1*]").out, "pool[3]"));
  EXPECT_TRUE(has(plotted("*3]").out, "pool[3]"));
  EXPECT_EQ(plotted("pool[").status, 1);
  EXPECT_EQ(plotted("*a*a*a*a*a*a*a*a*a*b").status, 1);
}

TEST_F(CliFiles, PlotTellsWhatIsWrong) {
  write("header.csv", "time,cell\n1,a\n");
  write("order.csv", "tick,neuron\n5,a\n4,a\n");
  write("empty.csv", "tick,neuron\n");
  EXPECT_TRUE(has(flux({"plot", "header.csv"}).err, "header.csv:1:"));
  EXPECT_TRUE(has(flux({"plot", "order.csv"}).err, "order.csv:3:"));
  EXPECT_TRUE(has(flux({"plot", "empty.csv"}).err, "no spikes"));
  EXPECT_EQ(flux({"plot", "empty.csv"}).status, 1);
}

TEST_F(CliFiles, ImportsTheWorm) {
  const std::string synapses = shared_file("celegans/synapses.csv"), cells = shared_file("celegans/cells.csv");
  ASSERT_FALSE(synapses.empty() || cells.empty());
  const Outcome import =
      flux({"import", "edges", synapses, "--neurons", cells, "--scale", "12", "--inhibitory", "neurotransmitters=GABA", "-o", "worm.flx"});
  ASSERT_EQ(import.status, 0) << import.err;
  EXPECT_TRUE(has(import.out, "wrote worm.flx"));
  EXPECT_EQ(flux({"check", "worm.flx"}).status, 0);
  const auto info = nlohmann::json::parse(flux({"info", "worm.flx", "--json"}).out);
  EXPECT_EQ(info["neurons"], 279);
  EXPECT_GT(info["synapses"], 2900);
  EXPECT_LE(info["synapses"], 3225);
  write("touch.csv", "tick,neuron,kind,value\n10,ALML,fire,\n10,ALMR,fire,\n10,AVM,fire,\n");
  ASSERT_EQ(flux({"run", "worm.flx", "--for", "300ms", "--stim", "touch.csv", "--record", "spikes.csv"}).status, 0);
  EXPECT_TRUE(has(read("spikes.csv"), "10,ALML\n10,ALMR\n10,AVM\n"));
}

TEST_F(CliFiles, ImportTellsWhatIsWrong) {
  write("pairs.csv", "from,to,count\na,b,3\na,b,400\nb,b,1\n");
  write("cells.csv", "name,kind\na,x\n");
  const Outcome import = flux({"import", "edges", "pairs.csv", "-o", "net.json"});
  EXPECT_EQ(import.status, 0) << import.err;
  EXPECT_TRUE(has(import.out, "clamped"));
  EXPECT_TRUE(has(read("net.json"), "\"weight\": 127"));
  const Outcome unknown = flux({"import", "edges", "pairs.csv", "--neurons", "cells.csv", "-o", "net.json"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_TRUE(has(unknown.err, "pairs.csv:2"));
  EXPECT_EQ(flux({"import", "edges", "pairs.csv"}).status, 2);
  EXPECT_EQ(flux({"import", "edges", "pairs.csv", "-o", "net.xml"}).status, 2);
  EXPECT_EQ(flux({"import", "edges", "pairs.csv", "--map-type", "x=y", "-o", "net.flx"}).status, 2);
  EXPECT_EQ(flux({"import", "wires", "pairs.csv"}).status, 2);
}

class CliUsage : public CliRun {};

TEST_F(CliUsage, EveryCommandHelpsWithExamples) {
  const std::vector<std::vector<std::string>> commands = {{},       {"run"},  {"check"},  {"info"},           {"convert"},
                                                          {"hash"}, {"plot"}, {"import"}, {"import", "edges"}};
  for (std::vector<std::string> command : commands) {
    command.emplace_back("--help");
    const Outcome help = flux(command);
    EXPECT_EQ(help.status, 0) << command.front();
    EXPECT_TRUE(has(help.out, "Examples:"));
    EXPECT_EQ(help.err, "");
  }
  EXPECT_TRUE(has(flux({"--version"}).out, "flux "));
}

TEST_F(CliUsage, MistakesGetTheExitStatusTwoAndASuggestion) {
  const std::pair<std::vector<std::string>, const char*> mistakes[] = {
      {{}, "say which command"},
      {{"rum", "pace.json"}, "did you mean run?"},
      {{"run"}, "FILE is required"},
      {{"run", "pace.json", "--recrod", "x.csv"}, "did you mean --record?"},
      {{"run", "pace.json", "more.json"}, "unexpected argument 'more.json'"},
      {{"run", "pace.json", "--core", "gpu"}, "unknown core 'gpu'; the cores are reference, cpu, webgpu and auto"},
      {{"run", "pace.json", "--threads", "0"}, "--threads"},
      {{"run", "pace.json", "--speed", "fast"}, "'fast' is not a speed"},
      {{"hash", "pace.json", "--for", "soon"}, "'soon' is not a duration"},
      {{"import", "edges"}, "required"},
  };
  for (const auto& [arguments, message] : mistakes) {
    const Outcome usage = flux(arguments);
    EXPECT_EQ(usage.status, 2) << message << "\n" << usage.err;
    EXPECT_TRUE(has(usage.err, message));
    EXPECT_TRUE(has(usage.err, "--help'"));
    EXPECT_EQ(usage.out, "");
  }
}

TEST_F(CliUsage, MissingFilesAreNamed) {
  const Outcome near = flux({"run", "pase.json"});
  EXPECT_EQ(near.status, 1);
  EXPECT_TRUE(has(near.err, "pase.json: there is no such file; did you mean pace.json?"));
  for (const char* command : {"check", "info", "hash", "plot"}) {
    const Outcome missing = flux({command, "elsewhere.abc"});
    EXPECT_EQ(missing.status, 1) << command;
    EXPECT_TRUE(has(missing.err, "elsewhere.abc: there is no such file"));
  }
  EXPECT_TRUE(has(flux({"run", "."}).err, "this is a folder"));
}

}  // namespace
}  // namespace flux
