// JSON with comments as a tree that knows where in the text each value and comment stands.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace flux {

inline constexpr std::uint64_t FLUX_MAX_TEXT_BYTES = (std::uint64_t{1} << 32) - 1;
inline constexpr std::uint32_t FLUX_MAX_TEXT_DEPTH = 256;

enum class JsonKind : std::uint8_t { null, boolean, integer, big_integer, real, string, array, object };

class JsonTree;

// A value of a tree; valid as long as the tree is.
class JsonValue {
 public:
  JsonValue(const JsonTree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}

  JsonKind kind() const;
  std::uint32_t offset() const;  // in the text, of its first byte
  bool boolean() const;          // each asserts its kind
  std::int64_t integer() const;
  std::uint64_t big_integer() const;  // above 2^63 - 1
  double real() const;
  bool is_beyond_64_bits() const;  // of a real number: it is written as a whole one
  std::string_view string() const;
  std::uint32_t count() const;       // of an array's elements, of an object's members
  std::uint32_t end_offset() const;  // of an array or object: one past its last byte

  // Elements of an array; keys and values in turn of an object.
  class Children;
  Children children() const;

 private:
  const JsonTree* tree_;
  std::uint32_t index_;
};

struct JsonProblem {
  std::uint64_t offset;
  std::string what;
  std::string fix;
};

struct JsonComment {
  std::uint32_t offset;
  std::string_view text;  // without the slashes and one space behind them; of a block comment with its line breaks
};

class JsonTree {
 public:
  // `text` must outlive the tree. Nothing in the tree is valid when this gives a problem.
  std::optional<JsonProblem> parse(std::string_view text);

  JsonValue root() const { return {*this, 0}; }
  std::string_view text() const { return text_; }
  // Comments that begin in [begin, end), in order.
  std::vector<JsonComment> comments(std::uint64_t begin, std::uint64_t end) const;

 private:
  friend class JsonValue;
  friend class JsonHandler;

  struct Node {
    JsonKind kind;
    std::uint32_t offset;
    std::uint32_t next;   // index of the node behind this one and all below it
    std::uint64_t value;  // number; place << 32 | size of a string in strings_; count << 32 | end offset of a container
  };

  std::string_view text_;
  std::vector<Node> nodes_;  // in the order of the text; a key is a string node before its value
  std::string strings_;
  std::vector<JsonComment> comments_;
};

class JsonValue::Children {
 public:
  class Iterator {
   public:
    Iterator(const JsonTree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}
    JsonValue operator*() const { return {*tree_, index_}; }
    Iterator& operator++() {
      index_ = tree_->nodes_[index_].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const JsonTree* tree_;
    std::uint32_t index_;
  };

  Children(const JsonTree& tree, std::uint32_t begin, std::uint32_t end) : tree_(tree), begin_(begin), end_(end) {}
  Iterator begin() const { return {tree_, begin_}; }
  Iterator end() const { return {tree_, end_}; }

 private:
  const JsonTree& tree_;
  std::uint32_t begin_, end_;
};

// A value as text on one line: one space behind commas and colons, numbers in their shortest form. Values that are equal but for the
// order of members have equal text but for that order.
std::string canonical_json(const JsonValue& value);

// Shortest text that reads back as the same number; zero without a sign.
std::string json_number(double value);
void append_json_string(std::string& out, std::string_view text);

// Line and column of places in a text.
class TextPlaces {
 public:
  explicit TextPlaces(std::string_view text) : text_(text) {}

  struct Place {
    std::uint32_t line, column;  // from 1; columns count characters
  };
  Place find(std::uint64_t offset);

 private:
  std::string_view text_;
  std::vector<std::uint32_t> line_starts_;  // made at the first question
};

}  // namespace flux
