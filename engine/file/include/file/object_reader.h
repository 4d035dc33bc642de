// Reads the members of one JSON object by name, and reports what is missing, out of range, given twice or unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.h"
#include "circuit/schema.h"
#include "file/json_tree.h"
#include "fmt/format.h"

namespace flux {

// Gathers problems with their place in the text.
class ProblemList {
 public:
  static constexpr std::size_t FLUX_MAX_PROBLEMS = 1000;

  void add(const JsonValue& where, std::string what, std::string fix) { add({where.offset(), std::move(what), std::move(fix)}); }
  void add(JsonProblem problem) {
    if (!full()) problems_.push_back(std::move(problem));
  }
  bool any() const { return !problems_.empty(); }
  bool full() const { return problems_.size() >= FLUX_MAX_PROBLEMS; }
  std::vector<JsonProblem>& list() { return problems_; }
  // The object at this place of the text may have a member "//": the comment of an element that stands alone.
  void allow_comment_member(std::uint32_t offset) { comment_owner_ = offset; }
  bool allows_comment_member(std::uint32_t offset) const { return comment_owner_ == offset; }

 private:
  std::optional<std::uint32_t> comment_owner_;
  std::vector<JsonProblem> problems_;
};

// "a whole number", "a list", ...: what a value is, for messages.
std::string_view kind_name(JsonKind kind);

class ObjectReader {
 public:
  // `what` names the kind of object in messages, as in "a neuron".
  ObjectReader(ProblemList& problems, const JsonValue& object, std::string_view what);

  // The value of a member, if it is there.
  std::optional<JsonValue> take(std::string_view key);
  std::optional<JsonValue> take_required(std::string_view key);
  std::optional<std::string> take_string(std::string_view key);
  std::optional<std::int64_t> take_integer(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<std::uint64_t> take_unsigned(std::string_view key);
  std::optional<double> take_number(std::string_view key);
  std::optional<bool> take_boolean(std::string_view key);
  std::optional<std::size_t> take_choice(std::string_view key, std::span<const std::string_view> words);
  // A whole number, or a list of the lowest and the highest.
  std::optional<Range> take_range(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<Position> take_position(std::string_view key);

  template <class Object>
  void take_integers(std::span<const IntegerField<Object>> fields, Object& object) {
    for (const auto& field : fields) field.set(object, take_integer(field.key, field.low, field.high).value_or(field.when_absent(object)));
  }

  const JsonValue& value() const { return object_; }
  // Reports the members that nobody took.
  void finish();

  // The value as a whole number in a range, a finite number, or a report.
  std::optional<std::int64_t> integer_in(const JsonValue& value, std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<double> finite_number(const JsonValue& value, std::string_view key);
  std::optional<std::string_view> string_of(const JsonValue& value, std::string_view key);

 private:
  struct Member {
    JsonValue key, value;
    bool taken = false;
  };

  void report_kind(const JsonValue& value, std::string_view key, std::string_view wanted);

  ProblemList& problems_;
  JsonValue object_;
  std::string_view what_;
  std::vector<Member> members_;
  std::vector<std::string_view> asked_;
};

}  // namespace flux
