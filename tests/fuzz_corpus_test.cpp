// Replays the corpus of the fuzz targets, and changed copies of it, through every reader: each input is refused with a clear error or
// gives a sound document. The bodies abort otherwise.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "edit/operation.h"
#include "fuzz/fuzz_bodies.h"

namespace flux::fuzz {
namespace {

using Body = bool (*)(std::string_view);

std::vector<std::string> corpus(const std::string& name) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(FLUX_SOURCE_DIR "/fuzz/corpus/" + name)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

std::size_t accepted(Body body, const std::vector<std::string>& inputs) {
  return static_cast<std::size_t>(std::count_if(inputs.begin(), inputs.end(), body));
}

std::size_t accepted_when_cut(Body body, std::string_view input) {
  std::size_t count = 0;
  for (std::size_t size = 0; size < input.size(); ++size) count += body(input.substr(0, size)) ? 1 : 0;
  return count;
}

// One bit of each byte, another from byte to byte.
void flip_bits(Body body, std::string input) {
  for (std::size_t i = 0; i < input.size(); ++i) {
    const char original = input[i];
    input[i] = static_cast<char>(original ^ (1 << (i * 5 + i / 8) % 8));
    body(input);
    input[i] = original;
  }
}

// Several changes at once: bytes overwritten, doubled, removed, or replaced by interesting numbers.
std::string mutated(std::string input, std::mt19937& random) {
  static const std::string interesting[] = {std::string(8, '\xff'),
                                            std::string(8, '\0'),
                                            "\x7f\xff\xff\xff",
                                            "-1",
                                            "99999999999999999999",
                                            "\"",
                                            "[",
                                            "{",
                                            "}",
                                            "//",
                                            "/*",
                                            "1e999",
                                            ",",
                                            "\n"};
  for (int change = 0; change < 4 && !input.empty(); ++change) {
    const std::size_t at = random() % input.size();
    const std::size_t size = std::min<std::size_t>(1 + random() % 8, input.size() - at);
    switch (random() % 4) {
      case 0:
        input[at] = static_cast<char>(random());
        break;
      case 1:
        input.insert(at, input.substr(at, size));
        break;
      case 2:
        input.erase(at, size);
        break;
      default: {
        const std::string& word = interesting[random() % std::size(interesting)];
        input.replace(at, std::min(word.size(), input.size() - at), word);
      }
    }
  }
  return input;
}

void try_mutations(Body body, const std::vector<std::string>& inputs, int count) {
  std::mt19937 random(1);
  for (int i = 0; i < count; ++i) body(mutated(inputs[static_cast<std::size_t>(i) % inputs.size()], random));
}

TEST(FuzzCorpus, Text) {
  const auto inputs = corpus("text");
  ASSERT_GE(inputs.size(), 6u);
  EXPECT_EQ(accepted(try_text, inputs), inputs.size() - 1) << "all but errors.json";
  // Only the line break at the end may be missing.
  for (const std::string& input : inputs) EXPECT_LE(accepted_when_cut(try_text, input), 1u);
  for (const std::string& input : inputs) flip_bits(try_text, input);
  try_mutations(try_text, inputs, 3000);
}

TEST(FuzzCorpus, Flx) {
  const auto inputs = corpus("flx");
  ASSERT_GE(inputs.size(), 4u);
  EXPECT_EQ(accepted(try_flx, inputs), inputs.size());
  for (const std::string& input : inputs) {
    EXPECT_EQ(accepted_when_cut(try_flx, input), 0u);
    flip_bits(try_flx, input);
  }
  try_mutations(try_flx, inputs, 3000);
}

TEST(FuzzCorpus, Edges) {
  const auto inputs = corpus("edges");
  ASSERT_GE(inputs.size(), 4u);
  EXPECT_EQ(accepted(try_edges, inputs), inputs.size());
  for (const std::string& input : inputs) {
    accepted_when_cut(try_edges, input);
    flip_bits(try_edges, input);
  }
  try_mutations(try_edges, inputs, 3000);
}

TEST(FuzzCorpus, Operations) {
  auto inputs = corpus("operations");
  ASSERT_GE(inputs.size(), 10u);
  for (const std::string& text : std::vector<std::string>(inputs)) {
    const auto operations = read_operations(text, "corpus");
    ASSERT_TRUE(operations.ok()) << operations.error().message();
    inputs.push_back(pack_operations(operations.value()));
  }
  EXPECT_EQ(accepted(try_operations, inputs), inputs.size());
  for (const std::string& input : inputs) flip_bits(try_operations, input);
  try_mutations(try_operations, inputs, 6000);
}

TEST(FuzzCorpus, Editor) {
  const auto inputs = corpus("operations");
  EXPECT_EQ(accepted(try_editor, inputs), inputs.size());
  try_mutations(try_editor, inputs, 200);
}

}  // namespace
}  // namespace flux::fuzz
