#include "circuit/names.h"

#include <gtest/gtest.h>

#include "circuit/identifier.h"

namespace flux {
namespace {

NeuronNode node(std::string id, std::uint32_t count = 0, std::string input = "", std::string output = "") {
  NeuronNode node;
  node.id = std::move(id);
  node.count = count;
  node.input_alias = std::move(input);
  node.output_alias = std::move(output);
  return node;
}

// Flat order: touch 0, pool 1..3, motor 4.
Names sample() {
  Circuit circuit;
  circuit.neurons = {node("touch", 0, "skin"), node("pool", 3, "", "sheet"), node("motor", 0, "", "muscle")};
  return Names(circuit);
}

TEST(Names, FindsPathsAndAliases) {
  const Names names = sample();
  EXPECT_EQ(names.size(), 5u);
  EXPECT_EQ(names.find("touch"), 0u);
  EXPECT_EQ(names.find("pool[0]"), 1u);
  EXPECT_EQ(names.find("pool[2]"), 3u);
  EXPECT_EQ(names.find("motor"), 4u);
  EXPECT_EQ(names.find("skin"), 0u);
  EXPECT_EQ(names.find("muscle"), 4u);
  EXPECT_EQ(names.find("sheet[1]"), 2u);
}

TEST(Names, FindsNothingElse) {
  const Names names = sample();
  for (const char* name : {"", "pool", "pool[3]", "pool[-1]", "pool[01]", "pool[1", "pool[]", "pool[1]x", "touch[0]", "sheet", "Touch",
                           "pool[4294967296]", "[0]", "skin[0]"}) {
    EXPECT_EQ(names.find(name), std::nullopt) << name;
  }
}

TEST(Names, TellsPathsAndAliases) {
  const Names names = sample();
  EXPECT_EQ(names.path(0), "touch");
  EXPECT_EQ(names.path(1), "pool[0]");
  EXPECT_EQ(names.path(3), "pool[2]");
  EXPECT_EQ(names.path(4), "motor");
  EXPECT_EQ(names.input_alias(0), "skin");
  EXPECT_EQ(names.output_alias(0), "");
  EXPECT_EQ(names.output_alias(2), "sheet");
  for (NeuronIndex i = 0; i < names.size(); ++i) EXPECT_EQ(names.find(names.path(i)), i);
}

TEST(Names, PathWinsOverAlias) {
  Circuit circuit;
  circuit.neurons = {node("a", 0, "b"), node("b")};
  EXPECT_EQ(Names(circuit).find("b"), 1u);
}

TEST(Names, AddAndRemove) {
  Names names = sample();
  EXPECT_FALSE(names.add(node("pool")));
  EXPECT_EQ(names.size(), 5u);
  EXPECT_TRUE(names.add(node("new", 0, "", "out")));
  EXPECT_EQ(names.find("new"), 5u);
  EXPECT_EQ(names.find("out"), 5u);

  names.remove(5);
  EXPECT_EQ(names.find("new"), std::nullopt);
  EXPECT_EQ(names.find("out"), std::nullopt);
  EXPECT_EQ(names.path(5), "new");
  EXPECT_TRUE(names.add(node("new")));
  EXPECT_EQ(names.find("new"), 6u);

  names.remove(2);
  EXPECT_EQ(names.find("pool[1]"), std::nullopt);
  EXPECT_EQ(names.find("sheet[1]"), std::nullopt);
  EXPECT_EQ(names.find("pool[2]"), 3u);
}

TEST(Identifier, SaysWhatIsWrong) {
  for (const char* good : {"a", "AVM left", "мотор", "x.1-2,3", "𝄞"}) EXPECT_EQ(identifier_problem(good), std::nullopt) << good;
  for (const char* bad : {"", " a", "a ", "a/b", "a[0]", "say \"hi\"", "a\nb", "a\x7f", "\xff", "\xc0\x80", "\xed\xa0\x80"}) {
    EXPECT_NE(identifier_problem(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(identifier_problem(std::string(200, 'a')), std::nullopt);
  EXPECT_NE(identifier_problem(std::string(201, 'a')), std::nullopt);
}

}  // namespace
}  // namespace flux
