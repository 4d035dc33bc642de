// Writes circuits and the hashes that the native engine gets from them, for studio/engine/tests/parity*.ts to compare with what the
// WebAssembly module gets: parity_hashes FOLDER COUNT EXAMPLE... makes FOLDER/hashes.json, beside COUNT random circuits and trees.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "file/circuit_text.h"
#include "file/flx.h"
#include "file/json_tree.h"
#include "file/saved_file.h"
#include "flux.h"
#include "random_circuit.h"
#include "random_tree.h"

namespace flux::test {
namespace {

constexpr Tick FLUX_EXAMPLE_TICKS = 2000, FLUX_RANDOM_TICKS = 400;
constexpr Tick FLUX_EARLY_TICKS = 60;  // of those too: for a core that is too slow to go on

// What keeps a circuit lively that would be silent by itself: every third tick one neuron fires. The other side does the same.
void kick(Network& network, Tick t) {
  if (t % 3 != 0 || network.size() == 0) return;
  const auto neuron = static_cast<NeuronIndex>(static_cast<std::uint32_t>(t) * 2654435761u % network.size());
  if (!network.fire(neuron)) std::abort();
}

template <class T>
T value_or_exit(Result<T> result, const std::string& what) {
  if (result.ok()) return std::move(result).value();
  fmt::print(stderr, "{}: {}\n", what, result.error().message());
  std::exit(1);
}

class HashWriter {
 public:
  void add(const std::string& file, bool kicked, Tick ticks) {
    Network network = value_or_exit(Network::open(file), file);
    NetworkHash early;
    for (Tick t = 0; t < ticks; ++t) {
      if (t == FLUX_EARLY_TICKS) early = network.hash();
      if (kicked) kick(network, t);
      network.step();
    }
    const NetworkHash hash = network.hash();
    text_ += text_.empty() ? "[" : ",\n ";
    text_ += "{\"file\": ";
    append_json_string(text_, std::filesystem::absolute(file).string());
    const auto moment = [](Tick at, const NetworkHash& then) {
      return fmt::format("\"ticks\": {}, \"spikes\": \"{:016x}\", \"state\": \"{:016x}\"", at, then.spikes, then.state);
    };
    text_ += fmt::format(", \"kicked\": {}, {}, \"early\": {{{}}}}}", kicked, moment(ticks, hash), moment(FLUX_EARLY_TICKS, early));
  }
  std::string take() { return text_ + "]\n"; }

 private:
  std::string text_;
};

Circuit random_circuit(std::uint32_t seed) { return seed % 2 == 0 ? RandomCircuit(seed).make() : RandomTree(seed).make(); }

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) return 2;
  const std::filesystem::path folder = arguments[0];
  std::filesystem::create_directories(folder);
  HashWriter hashes;
  for (std::size_t i = 2; i < arguments.size(); ++i) hashes.add(arguments[i], false, FLUX_EXAMPLE_TICKS);
  for (int seed = 1; seed <= std::atoi(arguments[1].c_str()); ++seed) {
    const std::string file = (folder / fmt::format("random{}.{}", seed, seed % 4 < 2 ? "json" : "flx")).string();
    const Circuit circuit = random_circuit(static_cast<std::uint32_t>(seed));
    const Status written = seed % 4 < 2 ? write_text(file, circuit) : write_flx(file, circuit);
    if (!written) return fmt::print(stderr, "{}\n", written.error().message()), 1;
    hashes.add(file, true, FLUX_RANDOM_TICKS);
  }
  return save_file((folder / "hashes.json").string(), hashes.take()).ok() ? 0 : 1;
}

}  // namespace
}  // namespace flux::test

int main(int argc, char** argv) { return flux::test::run(std::vector<std::string>(argv + 1, argv + argc)); }
