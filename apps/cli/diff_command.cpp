// flux diff: what changed between two circuits, as a person would say it, or as operations.
#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <memory>

#include "arguments.h"
#include "commands.h"
#include "edit/diff.h"
#include "failure.h"
#include "file/flx.h"
#include "file/json_tree.h"
#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

struct DiffArguments {
  std::string a, b;
  bool json = false;
};

using Members = std::vector<std::pair<std::string, std::string>>;

Members members_of(const std::string& text) {
  Members members;
  JsonTree tree;
  if (tree.parse(text) || tree.root().kind() != JsonKind::object) return members;
  std::optional<std::string> key;
  for (const JsonValue value : tree.root().children()) {
    if (key) {
      members.emplace_back(*key, canonical_json(value));
      key.reset();
    } else {
      key = std::string(value.string());
    }
  }
  return members;
}

// The text of an element, which may have lists inside, on one line of a terminal.
std::string one_line(const std::string& text) {
  JsonTree tree;
  return cut_to(printable(tree.parse(text) ? text : canonical_json(tree.root())), 100);
}

constexpr std::size_t FLUX_VALUE_COLUMNS = 60;
std::string short_value(const std::string& value) { return cut_to(printable(value), FLUX_VALUE_COLUMNS); }

std::string place_name(const std::string& in) { return in.empty() ? "the root circuit" : in; }

// "threshold 60 -> 40, position added"
std::string changes_text(const Difference& difference, const Palette& palette) {
  const Members before = members_of(difference.before), after = members_of(difference.after);
  std::string text;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const std::string& old = i < before.size() ? before[i].second : std::string("null");
    text += i == 0 ? "" : ", ";
    text += after[i].first + " ";
    if (old == "null") {
      text += palette.accent(short_value(after[i].second));
    } else if (after[i].second == "null") {
      text += palette.dim(short_value(old) + " -> default");
    } else {
      text += palette.dim(short_value(old) + " -> ") + palette.accent(short_value(after[i].second));
    }
  }
  return text;
}

// What learning alone changed in synapses and a fiber's worth of them is told in one line for each circuit.
struct Learned {
  std::size_t count = 0;
  std::int64_t change = 0;  // 1/256 weight, all together
};

bool is_learning_alone(const Difference& difference, std::int64_t& change) {
  if (difference.operation.kind != Operation::Kind::set || difference.operation.list != ElementList::synapses) return false;
  const Members before = members_of(difference.before), after = members_of(difference.after);
  if (after.size() != 1 || after.front().first != "longTerm") return false;
  const auto value = [](const std::string& text) { return text == "null" ? 0 : std::atoll(text.c_str()); };
  change = value(after.front().second) - value(before.front().second);
  return true;
}

void print_line(const Palette& palette, const Difference& difference) {
  const std::string what = printable(difference.what);
  switch (difference.operation.kind) {
    case Operation::Kind::add:
      return fmt::print("  {} {}  {}\n", palette.accent("+"), palette.bright(what), palette.dim(one_line(difference.after)));
    case Operation::Kind::remove:
      return fmt::print("  {} {}  {}\n", palette.error("-"), palette.bright(what), palette.dim(one_line(difference.before)));
    case Operation::Kind::move:
      return fmt::print("  {} {}  place {} {}\n", palette.warning("~"), palette.bright(what), palette.dim(difference.before + " ->"),
                        difference.after);
    default:
      return fmt::print("  {} {}  {}\n", palette.warning("~"), palette.bright(what), changes_text(difference, palette));
  }
}

void print_for_people(const std::vector<Difference>& differences) {
  const Palette palette(stdout);
  if (differences.empty()) return fmt::print("no difference\n");
  std::map<std::string, Learned> learned;
  std::string in = "\n";
  for (const Difference& difference : differences) {
    std::int64_t change = 0;
    if (is_learning_alone(difference, change)) {
      Learned& sum = learned[difference.operation.in];
      ++sum.count;
      sum.change += change;
      continue;
    }
    if (difference.operation.in != in) {
      in = difference.operation.in;
      fmt::print("{}\n", palette.bright(printable(place_name(in))));
    }
    print_line(palette, difference);
  }
  for (const auto& [place, sum] : learned) {
    const double mean = static_cast<double>(sum.change) / 256 / static_cast<double>(sum.count);
    fmt::print("{}\n  {} {} learned: {:+.2f} weight on average\n", palette.bright(printable(place_name(place))), palette.warning("~"),
               counted(sum.count, "synapse"), mean);
  }
}

void print_difference(const DiffArguments& arguments) {
  for (const std::string* path : {&arguments.a, &arguments.b}) require_input_file(*path);
  const Document a = opened_or_fail(read_document(arguments.a), arguments.a), b = opened_or_fail(read_document(arguments.b), arguments.b);
  const std::vector<Difference> differences = value_or_fail(diff(a.circuit, b.circuit));
  if (!arguments.json) return print_for_people(differences);
  std::vector<Operation> operations;
  operations.reserve(differences.size());
  for (const Difference& difference : differences) operations.push_back(difference.operation);
  fmt::print("{}", write_operations(operations));
}

}  // namespace

void add_diff_command(CLI::App& app) {
  auto arguments = std::make_shared<DiffArguments>();
  CLI::App* command = app.add_subcommand("diff", "Say what changed from one circuit to another");
  command->add_option("A", arguments->a, "a circuit, text or .flx")->required();
  command->add_option("B", arguments->b, "another")->required();
  command->add_flag("--json", arguments->json, "print operations: flux edit A makes exactly B of them");
  command->footer(R"(+ was added, - was removed, ~ was changed. Long-term weights that learning changed are summed up.

Examples:
  flux diff old.json new.json
  flux diff before.flx after.flx
  flux diff old.json new.json --json > changes.json)");
  command->callback([arguments] { print_difference(*arguments); });
}

}  // namespace flux::cli
