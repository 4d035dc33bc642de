// Two real nervous systems, from the folder named by FLUX_SHARED, or ../shared beside the checkout: the worm C. elegans and the brain of
// the larva of the fruit fly. Both must be there: these tests fail without them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "circuit/flatten.h"
#include "file/edge_import.h"
#include "support/circuits.h"

namespace flux::test {
namespace {

std::filesystem::path data_folder() {
  const char* shared = std::getenv("FLUX_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : FLUX_SOURCE_DIR "/../shared") / "data";
}

std::optional<std::string> read_data(const std::string& name) {
  const std::filesystem::path path = data_folder() / name;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    ADD_FAILURE() << path << " is missing: this test needs the connectomes; set FLUX_SHARED to the folder that holds data/";
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::optional<EdgeImportResult> import_data(const std::string& folder, const std::string& neurons_csv, const EdgeImportOptions& options) {
  const std::optional<std::string> synapses = read_data(folder + "/synapses.csv");
  const std::optional<std::string> neurons = read_data(folder + "/" + neurons_csv);
  if (!synapses || !neurons) return std::nullopt;
  Result<EdgeImportResult> result = import_edges(*synapses, *neurons, options);
  if (!result) {
    ADD_FAILURE() << result.error().message();
    return std::nullopt;
  }
  return std::move(result).value();
}

// One contact adds 8 levels, seven fire a neuron; the refractory period keeps echoes from feeding themselves. Gap junctions are direct
// synapses here: they pass a part of the potential on. As electric synapses, which always fire, they would flood the worm from any neuron.
std::optional<EdgeImportResult> import_worm() {
  EdgeImportOptions options;
  options.neuron = neuron_with(50);
  options.neuron.refractory_period = 10;
  options.scale = "8";
  options.length = 2;
  options.inhibitory_column = "neurotransmitters";
  options.inhibitory_values = {"GABA"};
  options.type_map = {{"electrical", SynapseType::direct}};
  return import_data("celegans", "cells.csv", options);
}

std::optional<EdgeImportResult> import_larva() {
  EdgeImportOptions options;
  options.neuron = neuron_with(50);
  options.neuron.leak = 40;
  options.neuron.refractory_period = 20;
  options.length = 2;
  return import_data("larva", "neurons.csv", options);
}

// Ids of the neurons of the larva with this value in a column of neurons.csv (id, hemisphere, type, class, subclass, io).
std::vector<std::string> larva_neurons(std::size_t column, const std::string& value) {
  std::vector<std::string> ids;
  std::istringstream lines(read_data("larva/neurons.csv").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream cells(line);
    for (std::string field; std::getline(cells, field, ',');) fields.push_back(field);
    if (fields.size() > column && fields[column] == value) ids.push_back(fields[0]);
  }
  return ids;
}

std::vector<std::string> errors_of(const Circuit& circuit) {
  std::vector<std::string> errors;
  for (const Finding& finding : check(circuit)) {
    if (finding.is_error) errors.push_back(finding.what);
  }
  return errors;
}

using NeuronNames = std::vector<std::string>;
const NeuronNames FLUX_ANTERIOR_TOUCH = {"ALML", "ALMR", "AVM"};
const NeuronNames FLUX_POSTERIOR_TOUCH = {"PLML", "PLMR"};
const NeuronNames FLUX_COMMAND = {"AVAL", "AVAR", "AVBL", "AVBR", "AVDL", "AVDR", "PVCL", "PVCR"};

// 15 times, 20 ticks apart, all of these neurons are fired; then 300 ticks of silence.
void drive(Recorder& run, const NeuronNames& names) {
  for (int i = 0; i < 15; ++i) {
    for (const std::string& name : names) {
      const auto neuron = run.net().find(name);
      ASSERT_TRUE(neuron.has_value()) << name;
      run.fire(*neuron);
    }
    run.step(20);
  }
  run.step(300);
}

std::set<std::string> active_neurons(Recorder& run) {
  std::set<std::string> names;
  for (const Spike& spike : run.spikes()) names.insert(run.net().path(spike.neuron));
  return names;
}

// Of the classes DA, DB, VA and VB, numbered along the body, which bend it backward and forward.
bool is_motor(const std::string& name) {
  return (name[0] == 'D' || name[0] == 'V') && (name[1] == 'A' || name[1] == 'B') &&
         std::isdigit(static_cast<unsigned char>(name.back())) != 0;
}

std::size_t count_active(const std::set<std::string>& active, const NeuronNames& names) {
  return static_cast<std::size_t>(
      std::count_if(names.begin(), names.end(), [&](const std::string& name) { return active.count(name) > 0; }));
}

class Connectome : public testing::TestWithParam<CoreChoice> {};
INSTANTIATE_TEST_SUITE_P(Cores, Connectome, testing::ValuesIn(FLUX_ALL_CORES),
                         [](const testing::TestParamInfo<CoreChoice>& test) { return std::string(test.param.name); });

TEST(ConnectomeImport, Worm) {
  const auto worm = import_worm();
  ASSERT_TRUE(worm);
  EXPECT_EQ(worm->report.rows, 3225u);
  EXPECT_EQ(worm->report.neurons, 279u);
  EXPECT_EQ(worm->report.added_neurons, 0u);
  EXPECT_GT(worm->report.inhibitory, 100u);
  EXPECT_TRUE(errors_of(worm->circuit).empty());
}

TEST(ConnectomeImport, WormKeepsGapJunctionsElectricUnlessToldOtherwise) {
  const auto worm = import_data("celegans", "cells.csv", {});
  ASSERT_TRUE(worm);
  EXPECT_GT(worm->report.by_type[static_cast<std::size_t>(SynapseType::electric)], 900u);
  EXPECT_EQ(worm->report.by_type[0] + worm->report.by_type[2], worm->report.synapses);
}

TEST(ConnectomeImport, Larva) {
  const auto larva = import_larva();
  ASSERT_TRUE(larva);
  EXPECT_EQ(larva->report.rows, 111243u);
  EXPECT_EQ(larva->report.neurons, 3013u);
  EXPECT_EQ(larva->report.synapses + larva->report.merged, 111243u);
  EXPECT_TRUE(errors_of(larva->circuit).empty());
}

TEST_P(Connectome, ASilentWormStaysSilent) {
  const auto worm = import_worm();
  ASSERT_TRUE(worm);
  Recorder run(worm->circuit, GetParam());
  run.step(10'000);
  EXPECT_TRUE(run.spikes().empty());
  EXPECT_EQ(run.net().now(), 10'000);
}

TEST_P(Connectome, TouchReachesCommandInterneuronsAndMotorNeurons) {
  const auto worm = import_worm();
  ASSERT_TRUE(worm);
  struct Case {
    NeuronNames touched;
    Tick latest_command;      // first spike of the last command interneuron
    std::size_t least, most;  // neurons that fire at all, of 279
  };
  // Figures on 2,993 synapses: a touch in front activates 202 neurons, one behind 139; all 39 motor neurons each time.
  for (const Case& c : {Case{FLUX_ANTERIOR_TOUCH, 12, 150, 230}, Case{FLUX_POSTERIOR_TOUCH, 30, 100, 180}}) {
    Recorder run(worm->circuit, GetParam());
    drive(run, c.touched);
    for (const std::string& name : FLUX_COMMAND) {
      const std::vector<Tick> spikes = run.spikes_of(*run.net().find(name));
      ASSERT_GE(spikes.size(), 8u) << name;
      EXPECT_LE(spikes.front(), c.latest_command) << name;
    }
    const std::set<std::string> active = active_neurons(run);
    EXPECT_GE(std::count_if(active.begin(), active.end(), is_motor), 30) << "motor neurons, of 39";
    EXPECT_GE(active.size(), c.least);
    EXPECT_LE(active.size(), c.most) << "activity spreads without flooding the worm";
    EXPECT_LT(run.spikes().back().tick, 330) << "and ends when the touch does";
  }
}

TEST_P(Connectome, WithoutTouchNeuronsTheTouchGoesNowhere) {
  const auto worm = import_worm();
  ASSERT_TRUE(worm);
  Recorder run(worm->circuit, GetParam());
  for (const std::string& name : FLUX_ANTERIOR_TOUCH) {
    for (const SynapseView& synapse : run.net().efferents(*run.net().find(name))) {
      ASSERT_TRUE(run.net().remove_synapse({synapse.source, synapse.target, synapse.properties.type, 0}).ok());
    }
  }
  drive(run, FLUX_ANTERIOR_TOUCH);
  EXPECT_EQ(active_neurons(run), std::set<std::string>(FLUX_ANTERIOR_TOUCH.begin(), FLUX_ANTERIOR_TOUCH.end()));
}

TEST_P(Connectome, SmellReachesTheMushroomBodyOfTheLarva) {
  const auto larva = import_larva();
  ASSERT_TRUE(larva);
  const NeuronNames smell = larva_neurons(4, "ORN");
  ASSERT_EQ(smell.size(), 42u);
  Recorder run(larva->circuit, GetParam());
  drive(run, smell);
  const std::set<std::string> active = active_neurons(run);
  // Figures: 74 of 206 projection neurons, 127 of 153 Kenyon cells, all 48 output neurons, 793 of 3,013 neurons in all.
  EXPECT_GE(count_active(active, larva_neurons(2, "PNs")), 60u);
  EXPECT_GE(count_active(active, larva_neurons(2, "KCs")), 100u);
  EXPECT_GE(count_active(active, larva_neurons(2, "MBONs")), 40u);
  EXPECT_LE(active.size(), 1200u) << "a smell is not an earthquake";
  EXPECT_LT(run.spikes().back().tick, 330);
}

// Drives neurons all over the network, some in each tick.
NetworkHash hash_after(const Circuit& circuit, const CoreChoice& core, NeuronIndex stride, std::size_t& spikes) {
  Recorder run(circuit, core);
  for (Tick t = 0; t < 300; ++t) {
    for (NeuronIndex n = static_cast<NeuronIndex>(t) % stride; n < run.net().size(); n += stride) run.stimulate(n, 80);
    run.step();
  }
  spikes = run.spikes().size();
  return run.net().hash();
}

TEST(ConnectomeHashes, EqualOnAllCoresAndThreadCounts) {
  constexpr CoreChoice FLUX_CORES[] = {{"cpu_1", CoreKind::cpu, 1}, {"cpu_2", CoreKind::cpu, 2}, {"cpu_8", CoreKind::cpu, 8}};
  const auto worm = import_worm();
  const auto larva = import_larva();
  ASSERT_TRUE(worm && larva);
  for (const Circuit* circuit : {&worm->circuit, &larva->circuit}) {
    std::size_t want_spikes = 0, spikes = 0;
    const NetworkHash want = hash_after(*circuit, FLUX_REFERENCE, 97, want_spikes);
    ASSERT_GT(want_spikes, 1000u) << "a silent network proves nothing";
    for (const CoreChoice& core : FLUX_CORES) {
      EXPECT_EQ(hash_after(*circuit, core, 97, spikes), want) << core.name;
      EXPECT_EQ(spikes, want_spikes) << core.name;
    }
  }
}

}  // namespace
}  // namespace flux::test
