#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "circuit/flatten.h"
#include "circuit/names.h"
#include "file/circuit_text.h"
#include "file/flx.h"
#include "file/saved_file.h"
#include "fuzz/reseal_flx.h"
#include "random_circuit.h"

namespace flux {
namespace {

namespace fs = std::filesystem;

class FlxFile : public ::testing::Test {
 protected:
  FlxFile() : folder_(fs::path(::testing::TempDir()) / ("flx_file_test_" + std::to_string(getpid()))) { fs::create_directories(folder_); }
  ~FlxFile() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator())); }

  static std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

  fs::path folder_;
};

void expect_ok(const Status& status) { EXPECT_TRUE(status.ok()) << (status ? "" : status.error().message()); }

Document read(const std::string& path, ReadSynapses synapses = ReadSynapses::now) {
  auto document = read_document(path, synapses);
  EXPECT_TRUE(document.ok()) << (document ? "" : document.error().message());
  return document ? std::move(document).value() : Document{};
}

Circuit plastic_circuit() {
  Circuit circuit;
  circuit.title = "plastic";
  NeuronNode pool;
  pool.id = "pool";
  pool.count = 103;
  pool.properties.modulation_leak = 3;
  circuit.neurons = {pool};
  for (NeuronIndex i = 0; i < 103; ++i) {
    circuit.synapses.push_back({i, (i * 7) % 103, {SynapseType::direct, 30, static_cast<std::uint16_t>(1 + i % 16), 3, 4, 5}, 257, ""});
    circuit.synapses.push_back({i, (i * 5) % 103, {SynapseType::modulator, -9, 40, 0, 0, 0}, 0, i % 50 == 0 ? "note\nof two lines" : ""});
  }
  Fiber fiber;
  fiber.sources = fiber.targets = {0};
  fiber.rule = FiberRule::random_fanout;
  fiber.fanout = 20;
  fiber.length = {1, 40};
  circuit.fibers = {fiber};
  return circuit;
}

NetworkState some_state(std::uint32_t neurons) {
  NetworkState state;
  state.now = 1234567;
  state.spike_count = 99;
  state.spike_hash = 0xfedcba9876543210u;
  for (std::uint32_t i = 0; i < neurons; ++i) {
    state.level.push_back(static_cast<std::int16_t>(i % 2 == 0 ? i : -4080));
    state.threshold.push_back(static_cast<std::uint16_t>(65280 - i));
    state.modulation.push_back(static_cast<std::int16_t>(32512 - 3 * static_cast<int>(i)));
    state.refractory_left.push_back(static_cast<std::uint8_t>(i));
    state.burst_left.push_back(static_cast<std::uint8_t>(255 - i));
    state.own_spike_in.push_back(i * 600);
    state.history.push_back(0);
  }
  state.departures = {{state.now - 65000, 3}, {state.now - 1, 2}, {state.now, 2}, {state.now + 255, 0}};
  state.learned = {{-32512, 32512}, {1, -1}};
  return state;
}

std::vector<Word> words_of(const Graph& graph) {
  const auto& words = graph.columns().words;
  return {words.data(), words.data() + words.size()};
}

TEST_F(FlxFile, RandomCircuitsSurviveBothForms) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    const Circuit circuit = test::RandomCircuit(seed).make();
    expect_ok(write_flx(path("c.flx"), circuit));
    expect_ok(write_text(path("c.json"), circuit));
    const Document binary = read(path("c.flx")), text = read(path("c.json"));
    ASSERT_EQ(binary.circuit, circuit) << seed;
    ASSERT_EQ(text.circuit, circuit) << seed;
    EXPECT_TRUE(binary.is_binary);
    EXPECT_FALSE(text.is_binary);
    EXPECT_FALSE(binary.compiled || binary.state);
    const std::string first = bytes_of(path("c.flx"));
    expect_ok(write_flx(path("c.flx"), binary.circuit));
    EXPECT_EQ(bytes_of(path("c.flx")), first);
  }
}

TEST_F(FlxFile, CompiledGraphAndStateSurvive) {
  const Circuit circuit = plastic_circuit();
  const auto graph = flatten(circuit);
  ASSERT_TRUE(graph.ok());
  ASSERT_GT(graph.value().plastic_count(), 0u);
  const NetworkState state = some_state(103);
  expect_ok(write_flx(path("c.flx"), circuit, &graph.value(), &state));
  const Document document = read(path("c.flx"));
  EXPECT_EQ(document.circuit, circuit);
  ASSERT_TRUE(document.compiled.has_value());
  EXPECT_EQ(words_of(*document.compiled), words_of(graph.value()));
  EXPECT_EQ(document.compiled->synapse_count(), graph.value().synapse_count());
  EXPECT_EQ(document.compiled->plastic_count(), graph.value().plastic_count());
  EXPECT_EQ(document.compiled->settings(), circuit.settings);
  EXPECT_EQ(document.compiled->initial_long_term().size(), 103u);
  ASSERT_TRUE(document.state.has_value());
  EXPECT_EQ(*document.state, state);
  EXPECT_TRUE(check_document(path("c.flx")).empty());
}

TEST_F(FlxFile, SynapsesMayBeReadLater) {
  const Circuit circuit = plastic_circuit();
  const auto graph = flatten(circuit);
  expect_ok(write_flx(path("c.flx"), circuit, &graph.value()));
  Document document = read(path("c.flx"), ReadSynapses::when_asked_for);
  EXPECT_TRUE(document.circuit.synapses.empty());
  EXPECT_TRUE(document.unread_synapses);
  EXPECT_TRUE(document.compiled.has_value());
  expect_ok(read_synapses(document));
  EXPECT_EQ(document.circuit, circuit);
  EXPECT_FALSE(document.unread_synapses);
  expect_ok(read_synapses(document));

  expect_ok(write_flx(path("plain.flx"), circuit));
  EXPECT_EQ(read(path("plain.flx"), ReadSynapses::when_asked_for).circuit, circuit) << "without a compiled graph they are needed at once";
}

// --- Files of other makers -------------------------------------------------------------------------------------------------------------

struct PartEntry {
  char tag[16];
  std::uint64_t offset, size, checksum;
  std::uint32_t flags, reserved;
};
static_assert(sizeof(PartEntry) == 48);

// Changes a file as another program could have written it: with checksums that fit.
class Forge {
 public:
  explicit Forge(std::string bytes) : bytes_(std::move(bytes)), parts_(fuzz::number_at<std::uint32_t>(bytes_, 24)) {
    std::memcpy(parts_.data(), bytes_.data() + 64, parts_.size() * sizeof(PartEntry));
  }

  PartEntry& part(std::string_view tag) {
    for (PartEntry& entry : parts_) {
      if (std::string_view(entry.tag, strnlen(entry.tag, 16)) == tag) return entry;
    }
    ADD_FAILURE() << "no part " << tag;
    return parts_.front();
  }
  template <class T>
  Forge& set(std::string_view tag, std::size_t byte, T value) {
    EXPECT_LE(byte + sizeof value, part(tag).size);
    fuzz::put_number(bytes_, part(tag).offset + byte, value);
    return *this;
  }
  template <class T>
  Forge& set_header(std::size_t byte, T value) {
    fuzz::put_number(bytes_, byte, value);
    return *this;
  }
  Forge& rename(std::string_view tag, std::string_view name, std::uint32_t flags) {
    PartEntry& entry = part(tag);
    std::memset(entry.tag, 0, sizeof entry.tag);
    std::memcpy(entry.tag, name.data(), name.size());
    entry.flags = flags;
    return *this;
  }
  std::string finish() {
    std::memcpy(bytes_.data() + 64, parts_.data(), parts_.size() * sizeof(PartEntry));
    return fuzz::resealed(bytes_);
  }

 private:
  std::string bytes_;
  std::vector<PartEntry> parts_;
};

class ForgedFlx : public FlxFile {
 protected:
  ForgedFlx() {
    const auto graph = flatten(circuit_);
    const NetworkState state = some_state(103);
    expect_ok(write_flx(path("good.flx"), circuit_, &graph.value(), &state));
    good_ = bytes_of(path("good.flx"));
  }

  static std::string error_of(const std::string& bytes) {
    const auto document = read_document_bytes(bytes, "x.flx");
    EXPECT_FALSE(document.ok());
    if (document) return "";
    EXPECT_EQ(document.error().where.find("x.flx"), 0u);
    EXPECT_FALSE(document.error().fix.empty());
    return document.error().message();
  }
  static void expect_error(const std::string& bytes, std::string_view words) {
    const std::string message = error_of(bytes);
    EXPECT_NE(message.find(words), std::string::npos) << message;
  }
  // The compiled graph must not be used, the rest must be there.
  void expect_no_graph(const std::string& bytes) const {
    const auto document = read_document_bytes(bytes, "x.flx");
    ASSERT_TRUE(document.ok()) << document.error().message();
    EXPECT_FALSE(document.value().compiled.has_value());
    EXPECT_EQ(document.value().circuit, circuit_);
    EXPECT_TRUE(document.value().state.has_value());
  }

  Circuit circuit_ = plastic_circuit();
  std::string good_;
};

TEST_F(ForgedFlx, UnforgedIsRead) {
  const auto document = read_document_bytes(Forge(good_).finish(), "x.flx");
  ASSERT_TRUE(document.ok());
  EXPECT_TRUE(document.value().compiled.has_value());
}

TEST_F(ForgedFlx, Header) {
  expect_error("", "empty");
  expect_error("FLX", "cut off");
  expect_error(good_.substr(0, 63), "cut off");
  expect_error(good_.substr(0, good_.size() - 1), "bytes instead of");
  expect_error(good_ + "x", "bytes instead of");
  expect_error(Forge(good_).set_header(4, '\n').finish(), "line ends");
  expect_error(Forge(good_).set_header(8, std::uint32_t{2}).finish(), "version 2");
  expect_error(Forge(good_).set_header(12, std::uint32_t{0x04030201}).finish(), "byte order");
  expect_error(Forge(good_).set_header(24, std::uint32_t{0xffffffff}).finish(), "table of parts leaves the file");
  expect_error(Forge(good_).set_header(32, ~std::uint64_t{0} - 100).finish(), "table of parts leaves the file");
  std::string damaged = good_;
  damaged[26] ^= 1;
  expect_error(damaged, "header of the file is damaged");
  damaged = good_;
  damaged[70] ^= 1;
  expect_error(damaged, "table of parts is damaged");
}

TEST_F(ForgedFlx, Parts) {
  Forge far(good_), high(good_), odd(good_), twice(good_);
  far.part("circuit").offset = ~std::uint64_t{0} & ~std::uint64_t{63};
  expect_error(far.finish(), "leaves the file");
  high.part("circuit").size = ~std::uint64_t{0} - 128;
  expect_error(high.finish(), "leaves the file");
  odd.part("circuit").offset += 1;
  expect_error(odd.finish(), "leaves the file");
  expect_error(twice.rename("synapse.length", "synapse.weight", 1).finish(), "there twice");
  expect_error(Forge(good_).rename("circuit", "cirquit", 0).finish(), "no circuit");
  expect_error(Forge(good_).set("circuit", 2, 'x').finish(), "x.flx:circuit:2");
}

TEST_F(ForgedFlx, UnknownParts) {
  expect_error(Forge(good_).rename("state", "organ.state", 1).finish(), "needs \"organ.state\"");
  const auto document = read_document_bytes(Forge(good_).rename("state", "organ.state", 0).finish(), "x.flx");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document.value().circuit, circuit_);
  EXPECT_FALSE(document.value().state.has_value());
}

TEST_F(ForgedFlx, Synapses) {
  expect_error(Forge(good_).set("synapse.source", 4, std::uint32_t{103}).finish(), "synapse 1 has a value out of range");
  expect_error(Forge(good_).set("synapse.target", 0, ~std::uint32_t{0}).finish(), "out of range");
  expect_error(Forge(good_).set("synapse.type", 0, std::uint8_t{3}).finish(), "out of range");
  expect_error(Forge(good_).set("synapse.length", 0, std::uint16_t{0}).finish(), "out of range");
  expect_error(Forge(good_).set("synapse.longterm", 2, std::int16_t{5}).finish(), "static");
  expect_error(Forge(good_).set("synapse.comment", 0, ~std::uint32_t{0}).finish(), "comment");
  expect_error(Forge(good_).set("synapse.comment", 4, ~std::uint32_t{0}).finish(), "comment");
  Forge shorter(good_);
  shorter.part("synapse.weight").size -= 1;
  expect_error(shorter.set("synapse.weight", 0, 'x').finish(), "elements instead of");
  Forge split(good_);
  split.part("synapse.source").size -= 1;
  expect_error(split.set("synapse.source", 0, 'x').finish(), "ends within an element");
  std::string damaged = good_;
  damaged[Forge(good_).part("synapse.source").offset] ^= 1;
  expect_error(damaged, "\"synapse.source\" is damaged");
}

TEST_F(ForgedFlx, State) {
  expect_error(Forge(good_).set("state", 24, std::uint32_t{102}).finish(), "another circuit");
  expect_error(Forge(good_).set("state", 0, std::int64_t{-1}).finish(), "out of range");
  expect_error(Forge(good_).set("state.level", 0, std::int16_t{4081}).finish(), "out of range");
  expect_error(Forge(good_).set("state.threshold", 0, std::uint16_t{65281}).finish(), "out of range");
  expect_error(Forge(good_).set("state.modulation", 0, std::int16_t{-32768}).finish(), "out of range");
  expect_error(Forge(good_).set("state.own_spike", 0, std::uint32_t{70000}).finish(), "out of range");
  expect_error(Forge(good_).set("state.departures", 8, std::uint32_t{103}).finish(), "out of range");
  expect_error(Forge(good_).set("state.departures", 0, std::int64_t{0}).finish(), "out of range");
  expect_error(Forge(good_).set("state.learned", 0, std::int16_t{-32768}).finish(), "out of range");
}

// A compiled graph only saves time: one that cannot be trusted is made again from the circuit.
TEST_F(ForgedFlx, Graph) {
  expect_no_graph(Forge(good_).set("graph", 0, std::uint64_t{1}).finish());
  expect_no_graph(Forge(good_).set("graph", 8, std::uint32_t{102}).finish());
  expect_no_graph(Forge(good_).set("graph", 12, std::uint32_t{3}).finish());
  expect_no_graph(Forge(good_).set("graph", 24, std::uint64_t{5}).finish());
  expect_no_graph(Forge(good_).set("graph.rows", 8, ~std::uint64_t{0} - 1).finish());
  expect_no_graph(Forge(good_).set("graph.words", 0, std::uint32_t{0xffffffff}).finish());
  expect_no_graph(Forge(good_).set("graph.type_of", 0, std::uint16_t{7}).finish());
  expect_no_graph(Forge(good_).set("graph.types", 0, std::uint8_t{0}).finish());
  std::string damaged = good_;
  damaged[Forge(good_).part("graph.words").offset] ^= 1;
  expect_no_graph(damaged);
  put(path("damaged.flx"), damaged);
  const auto diagnostics = check_document(path("damaged.flx"));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].severity, Diagnostic::Severity::warning);
  EXPECT_NE(diagnostics[0].what.find("graph.words"), std::string::npos);
}

// The circuit was changed by a program that does not know compiled graphs.
TEST_F(ForgedFlx, GraphOfAnotherCircuitIsNotUsed) {
  const auto document = read_document_bytes(Forge(good_).set("synapse.weight", 0, std::int8_t{31}).finish(), "x.flx");
  ASSERT_TRUE(document.ok());
  EXPECT_FALSE(document.value().compiled.has_value());
  EXPECT_EQ(document.value().circuit.synapses[0].properties.weight, 31);
}

// --- Saving ----------------------------------------------------------------------------------------------------------------------------

TEST_F(FlxFile, RefusesWhatIsWrong) {
  Circuit circuit = plastic_circuit();
  const auto graph = flatten(circuit);
  const NetworkState state = some_state(102);
  EXPECT_FALSE(write_flx(path("c.flx"), circuit, nullptr, &state).ok());
  circuit.neurons.push_back({});
  EXPECT_FALSE(write_flx(path("c.flx"), circuit).ok()) << "an empty id";
  EXPECT_FALSE(write_text(path("c.json"), circuit).ok());
  circuit.neurons.back().id = "more";
  EXPECT_FALSE(write_flx(path("c.flx"), circuit, &graph.value()).ok()) << "the graph has one neuron less";
  EXPECT_EQ(files(), 0u);
}

TEST_F(FlxFile, ReadErrorsNameTheFile) {
  EXPECT_NE(read_document(path("none.flx")).error().message().find("none.flx"), std::string::npos);
  EXPECT_FALSE(read_document(folder_.string()).ok());
  put(path("empty.json"), "");
  EXPECT_NE(read_document(path("empty.json")).error().message().find("empty"), std::string::npos);
  EXPECT_EQ(check_document(path("none.flx")).size(), 1u);
  EXPECT_EQ(check_document(path("empty.json")).size(), 1u);
}

TEST_F(FlxFile, FolderThatIsNotThere) {
  const Status status = save_file(path("none/c.json"), "x");
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message().find("folder"), std::string::npos) << status.error().message();
  EXPECT_FALSE(save_file(folder_.string(), "x").ok());
}

TEST_F(FlxFile, LinksAndPermissionsStay) {
  put(path("real.json"), "old");
  fs::create_symlink(path("real.json"), path("link.json"));
  ASSERT_EQ(chmod(path("real.json").c_str(), 0640), 0);
  expect_ok(save_file(path("link.json"), "new"));
  EXPECT_TRUE(fs::is_symlink(path("link.json")));
  EXPECT_EQ(bytes_of(path("real.json")), "new");
  struct stat info {};
  ASSERT_EQ(stat(path("real.json").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777u, 0640u);
  EXPECT_EQ(files(), 2u);
}

TEST_F(FlxFile, UncommittedFileVanishes) {
  put(path("c.txt"), "old");
  {
    auto file = SavedFile::create(path("c.txt"));
    ASSERT_TRUE(file.ok());
    expect_ok(file.value().write("half"));
    EXPECT_EQ(files(), 2u);
  }
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(bytes_of(path("c.txt")), "old");
}

TEST_F(FlxFile, DeviceWithoutRoom) {
  const Status status = save_file("/dev/full", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message().find("make room"), std::string::npos) << status.error().message();
}

// In a process of its own, because the limit stays.
int save_under_limit(const std::string& path, const Circuit& circuit) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{2048, 2048};
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(write_flx(path, circuit).ok() ? 0 : 7);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(FlxFile, FailedSaveLeavesTheOldFile) {
  const Circuit circuit = plastic_circuit();
  put(path("c.flx"), "the old file");
  EXPECT_EQ(save_under_limit(path("c.flx"), circuit), 7);
  EXPECT_EQ(bytes_of(path("c.flx")), "the old file");
  EXPECT_EQ(files(), 1u) << "no temporary file is left";
  EXPECT_EQ(save_under_limit(path("new.flx"), circuit), 7);
  EXPECT_EQ(files(), 1u);
  expect_ok(write_flx(path("c.flx"), circuit));
  EXPECT_EQ(read(path("c.flx")).circuit, circuit);
}

}  // namespace
}  // namespace flux
