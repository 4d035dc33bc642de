#include "file/object_reader.h"

#include <algorithm>
#include <charconv>

#include "suggest.h"

namespace flux {
namespace {

constexpr std::uint32_t FLUX_MAX_MEMBERS = 64;  // more than any object of the form has; bounds the search for doubles

}  // namespace

std::string_view kind_name(JsonKind kind) {
  switch (kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "true or false";
    case JsonKind::integer:
    case JsonKind::big_integer:
      return "a whole number";
    case JsonKind::real:
      return "a number with a fraction or exponent";
    case JsonKind::string:
      return "text in quotes";
    case JsonKind::array:
      return "a list";
    case JsonKind::object:
      return "an object";
  }
  return "";
}

ObjectReader::ObjectReader(ProblemList& problems, const JsonValue& object, std::string_view what)
    : problems_(problems), object_(object), what_(what) {
  if (object.kind() != JsonKind::object) {
    problems_.add(object, fmt::format("{} must be an object, not {}", what, kind_name(object.kind())),
                  "write it as {\"name\": value, ...}");
    return;
  }
  if (object.count() > FLUX_MAX_MEMBERS) {
    problems_.add(object, fmt::format("{} has {} members", what, object.count()), "remove those that docs/file-format.md does not name");
    return;
  }
  members_.reserve(object.count());
  std::optional<JsonValue> key;
  for (const JsonValue value : object.children()) {
    if (!key) {
      key = value;
      continue;
    }
    const auto same = [&](const Member& member) { return member.key.string() == key->string(); };
    if (std::any_of(members_.begin(), members_.end(), same)) {
      problems_.add(*key, fmt::format("\"{}\" is given twice", key->string()), "remove one of them");
    } else {
      members_.push_back({*key, value});
    }
    key.reset();
  }
}

std::optional<JsonValue> ObjectReader::take(std::string_view key) {
  asked_.push_back(key);
  for (Member& member : members_) {
    if (member.key.string() != key) continue;
    member.taken = true;
    return member.value;
  }
  return std::nullopt;
}

std::optional<JsonValue> ObjectReader::take_required(std::string_view key) {
  const auto value = take(key);
  if (!value && object_.kind() == JsonKind::object) {
    problems_.add(object_, fmt::format("{} needs \"{}\"", what_, key), fmt::format("add \"{}\": ...", key));
  }
  return value;
}

std::optional<std::string_view> ObjectReader::string_of(const JsonValue& value, std::string_view key) {
  if (value.kind() == JsonKind::string) return value.string();
  report_kind(value, key, "text in quotes");
  return std::nullopt;
}

std::optional<std::string> ObjectReader::take_string(std::string_view key) {
  const auto value = take(key);
  const auto text = value ? string_of(*value, key) : std::nullopt;
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer_in(const JsonValue& value, std::string_view key, std::int64_t low, std::int64_t high) {
  if (value.kind() != JsonKind::integer && value.kind() != JsonKind::big_integer) {
    report_kind(value, key, "a whole number");
    return std::nullopt;
  }
  if (value.kind() == JsonKind::integer && value.integer() >= low && value.integer() <= high) return value.integer();
  const std::string given = value.kind() == JsonKind::integer ? fmt::format("{}", value.integer()) : fmt::format("{}", value.big_integer());
  problems_.add(value, fmt::format("\"{}\" of {} is outside {}..{}", key, given, low, high), fmt::format("use {} to {}", low, high));
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::take_integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto value = take(key);
  return value ? integer_in(*value, key, low, high) : std::nullopt;
}

std::optional<std::uint64_t> ObjectReader::take_unsigned(std::string_view key) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  if (value->kind() == JsonKind::big_integer) return value->big_integer();
  if (value->kind() == JsonKind::integer && value->integer() >= 0) return static_cast<std::uint64_t>(value->integer());
  if (value->kind() == JsonKind::string) {
    const std::string_view digits = value->string();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc() && end == digits.data() + digits.size()) return number;
  }
  report_kind(*value, key, "a whole number from 0 to 18446744073709551615");
  return std::nullopt;
}

std::optional<double> ObjectReader::finite_number(const JsonValue& value, std::string_view key) {
  switch (value.kind()) {
    case JsonKind::real:
      return value.real();
    case JsonKind::integer:
      return static_cast<double>(value.integer());
    case JsonKind::big_integer:
      return static_cast<double>(value.big_integer());
    default:
      report_kind(value, key, "a number");
      return std::nullopt;
  }
}

std::optional<double> ObjectReader::take_number(std::string_view key) {
  const auto value = take(key);
  return value ? finite_number(*value, key) : std::nullopt;
}

std::optional<bool> ObjectReader::take_boolean(std::string_view key) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  if (value->kind() == JsonKind::boolean) return value->boolean();
  report_kind(*value, key, "true or false");
  return std::nullopt;
}

std::optional<std::size_t> ObjectReader::take_choice(std::string_view key, std::span<const std::string_view> words) {
  const auto value = take(key);
  const auto word = value ? string_of(*value, key) : std::nullopt;
  if (!word) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  problems_.add(*value, fmt::format("\"{}\" cannot be \"{}\"", key, *word),
                did_you_mean(*word, words, fmt::format("use {}", join_choices(words))));
  return std::nullopt;
}

std::optional<Range> ObjectReader::take_range(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  std::vector<std::int32_t> ends;
  if (value->kind() == JsonKind::array && value->count() == 2) {
    for (const JsonValue end : value->children()) {
      const auto number = integer_in(end, key, low, high);
      if (!number) return std::nullopt;
      ends.push_back(static_cast<std::int32_t>(*number));
    }
    if (ends[0] <= ends[1]) return Range{ends[0], ends[1]};
    problems_.add(*value, fmt::format("the range \"{}\" goes down from {} to {}", key, ends[0], ends[1]), "give the lower end first");
    return std::nullopt;
  }
  if (value->kind() == JsonKind::array) {
    report_kind(*value, key, "a whole number or a list of the lowest and the highest");
    return std::nullopt;
  }
  const auto number = integer_in(*value, key, low, high);
  if (!number) return std::nullopt;
  return Range{static_cast<std::int32_t>(*number), static_cast<std::int32_t>(*number)};
}

std::optional<Position> ObjectReader::take_position(std::string_view key) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  if (value->kind() != JsonKind::array || value->count() != 2) {
    report_kind(*value, key, "a list of x and y");
    return std::nullopt;
  }
  std::vector<double> coordinates;
  for (const JsonValue coordinate : value->children()) {
    const auto number = finite_number(coordinate, key);
    if (!number) return std::nullopt;
    coordinates.push_back(*number);
  }
  return Position{coordinates[0], coordinates[1]};
}

void ObjectReader::finish() {
  for (const Member& member : members_) {
    if (member.taken || (member.key.string() == "//" && problems_.allows_comment_member(object_.offset()))) continue;
    problems_.add(member.key, fmt::format("{} has no \"{}\"", what_, member.key.string()),
                  did_you_mean(member.key.string(), asked_, "remove it, or see docs/file-format.md for what there is"));
  }
}

void ObjectReader::report_kind(const JsonValue& value, std::string_view key, std::string_view wanted) {
  const bool is_huge = value.kind() == JsonKind::real && value.is_beyond_64_bits();
  const std::string_view given = is_huge ? "a whole number of more than 64 bits" : kind_name(value.kind());
  problems_.add(value, fmt::format("\"{}\" must be {}, not {}", key, wanted, given), "");
}

}  // namespace flux
