#include "file/json_tree.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "circuit/identifier.h"
#include "nlohmann/json.hpp"

namespace flux {

// Receives the parser's events. The parser tells values but not where they stand; since it has accepted all text up to an event, the
// place is found by walking on from the token before, over white space, punctuation and comments.
class JsonHandler {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  JsonHandler(JsonTree& tree, std::size_t start) : tree_(tree), text_(tree.text_), at_(start) {}

  bool null() { return add_word(JsonKind::null, 0); }
  bool boolean(bool value) { return add_word(JsonKind::boolean, value ? 1 : 0); }
  bool number_integer(number_integer_t value) { return add_word(JsonKind::integer, static_cast<std::uint64_t>(value)); }
  bool number_unsigned(number_unsigned_t value) { return add_word(value >> 63 == 0 ? JsonKind::integer : JsonKind::big_integer, value); }
  bool number_float(number_float_t value, const string_t&) { return add_word(JsonKind::real, std::bit_cast<std::uint64_t>(value)); }
  bool string(string_t& value) { return add_string(value); }
  bool key(string_t& value) { return add_string(value); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonKind::object); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(JsonKind::array); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) {
    std::string_view what = error.what();
    if (const std::size_t column = what.find("column "); column != std::string_view::npos) {
      if (const std::size_t colon = what.find(": ", column); colon != std::string_view::npos) what.remove_prefix(colon + 2);
    }
    problem_ = {position == 0 ? 0 : position - 1, "this is not valid JSON: " + std::string(what),
                "look for a missing or extra comma, quote or bracket just before this place"};
    return false;
  }

  // Comments behind the last token.
  void finish() { skip_to_token(); }
  const std::optional<JsonProblem>& problem() const { return problem_; }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  void skip_to_token() {
    while (!at_end()) {
      if (starts_with("//")) {
        const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
        add_comment(at_, text_.substr(at_ + 2, end - at_ - 2));
        at_ = end;
      } else if (starts_with("/*")) {
        const std::size_t end = std::min(text_.find("*/", at_ + 2), text_.size());
        add_comment(at_, text_.substr(at_ + 2, end - at_ - 2));
        at_ = std::min(end + 2, text_.size());
      } else if (std::strchr(" \t\r\n,:", text_[at_]) != nullptr) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void add_comment(std::size_t offset, std::string_view text) {
    if (text.starts_with(' ')) text.remove_prefix(1);
    tree_.comments_.push_back({static_cast<std::uint32_t>(offset), text});
  }

  // Adds a node at the token that comes next, and counts it in the container around it.
  void add(JsonKind kind, std::uint64_t value) {
    skip_to_token();
    const auto index = static_cast<std::uint32_t>(tree_.nodes_.size());
    tree_.nodes_.push_back({kind, static_cast<std::uint32_t>(at_), index + 1, value});
    if (!open_.empty()) ++open_.back().children;
  }

  bool add_word(JsonKind kind, std::uint64_t value) {
    add(kind, value);
    at_ = std::min(text_.find_first_of(" \t\r\n,:]}/", at_), text_.size());
    return true;
  }

  bool add_string(const std::string& value) {
    add(JsonKind::string, std::uint64_t{tree_.strings_.size()} << 32 | value.size());
    tree_.strings_ += value;
    for (++at_; !at_end() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
    return true;
  }

  bool open(JsonKind kind) {
    add(kind, 0);
    if (open_.size() >= FLUX_MAX_TEXT_DEPTH) {
      problem_ = {at_, "values are nested more than 256 deep", "circuits may be nested 64 deep"};
      return false;
    }
    open_.push_back({static_cast<std::uint32_t>(tree_.nodes_.size() - 1), 0});
    ++at_;
    return true;
  }

  bool close() {
    skip_to_token();
    ++at_;
    JsonTree::Node& node = tree_.nodes_[open_.back().index];
    const std::uint32_t children = open_.back().children;
    const std::uint64_t count = node.kind == JsonKind::object ? children / 2 : children;
    node.value = count << 32 | at_;
    node.next = static_cast<std::uint32_t>(tree_.nodes_.size());
    open_.pop_back();
    return true;
  }

  struct Open {
    std::uint32_t index;  // of the container's node
    std::uint32_t children;
  };

  JsonTree& tree_;
  std::string_view text_;
  std::size_t at_;  // behind the last token
  std::vector<Open> open_;
  std::optional<JsonProblem> problem_;
};

namespace {

constexpr std::string_view FLUX_BYTE_ORDER_MARK = "\xef\xbb\xbf";

std::optional<JsonProblem> find_foreign_bytes(std::string_view text) {
  if (const std::size_t valid = utf8_prefix(text); valid != text.size()) {
    return JsonProblem{valid, "this byte is not valid UTF-8", "save the file as UTF-8"};
  }
  const auto is_foreign = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r' && c != '\n'; };
  const auto foreign = std::find_if(text.begin(), text.end(), is_foreign);
  if (foreign == text.end()) return std::nullopt;
  return JsonProblem{static_cast<std::uint64_t>(foreign - text.begin()), "a control character is not text",
                     "remove it, or write it as \\u00XX inside a string"};
}

}  // namespace

std::optional<JsonProblem> JsonTree::parse(std::string_view text) {
  text_ = text;
  nodes_.clear();
  strings_.clear();
  comments_.clear();
  if (text.size() > FLUX_MAX_TEXT_BYTES) return JsonProblem{0, "a text of more than 4 GiB is too large", "use the binary form"};
  if (auto problem = find_foreign_bytes(text)) return problem;

  JsonHandler handler(*this, text.starts_with(FLUX_BYTE_ORDER_MARK) ? FLUX_BYTE_ORDER_MARK.size() : 0);
  constexpr bool strict = true, ignore_comments = true;
  const bool parsed =
      nlohmann::json::sax_parse(text.begin(), text.end(), &handler, nlohmann::json::input_format_t::json, strict, ignore_comments);
  if (!parsed) return handler.problem();
  handler.finish();
  return std::nullopt;
}

std::vector<JsonComment> JsonTree::comments(std::uint64_t begin, std::uint64_t end) const {
  const auto before = [](const JsonComment& comment, std::uint64_t offset) { return comment.offset < offset; };
  const auto first = std::lower_bound(comments_.begin(), comments_.end(), begin, before);
  return {first, std::lower_bound(first, comments_.end(), std::max(begin, end), before)};
}

JsonKind JsonValue::kind() const { return tree_->nodes_[index_].kind; }
std::uint32_t JsonValue::offset() const { return tree_->nodes_[index_].offset; }

bool JsonValue::boolean() const {
  assert(kind() == JsonKind::boolean);
  return tree_->nodes_[index_].value != 0;
}

std::int64_t JsonValue::integer() const {
  assert(kind() == JsonKind::integer);
  return static_cast<std::int64_t>(tree_->nodes_[index_].value);
}

bool JsonValue::is_beyond_64_bits() const {
  assert(kind() == JsonKind::real);
  const std::string_view text = tree_->text().substr(offset());
  return text.substr(0, text.find_first_not_of("+-0123456789")).size() == text.substr(0, text.find_first_not_of("+-.0123456789eE")).size();
}
std::uint64_t JsonValue::big_integer() const {
  assert(kind() == JsonKind::big_integer);
  return tree_->nodes_[index_].value;
}

double JsonValue::real() const {
  assert(kind() == JsonKind::real);
  return std::bit_cast<double>(tree_->nodes_[index_].value);
}

std::string_view JsonValue::string() const {
  assert(kind() == JsonKind::string);
  const std::uint64_t value = tree_->nodes_[index_].value;
  return std::string_view(tree_->strings_).substr(value >> 32, value & 0xffffffffu);
}

std::uint32_t JsonValue::count() const {
  assert(kind() == JsonKind::array || kind() == JsonKind::object);
  return static_cast<std::uint32_t>(tree_->nodes_[index_].value >> 32);
}

std::uint32_t JsonValue::end_offset() const {
  assert(kind() == JsonKind::array || kind() == JsonKind::object);
  return static_cast<std::uint32_t>(tree_->nodes_[index_].value);
}

JsonValue::Children JsonValue::children() const {
  assert(kind() == JsonKind::array || kind() == JsonKind::object);
  return {*tree_, index_ + 1, tree_->nodes_[index_].next};
}

TextPlaces::Place TextPlaces::find(std::uint64_t offset) {
  if (line_starts_.empty()) {
    line_starts_.push_back(0);
    for (std::size_t at = text_.find('\n'); at != std::string_view::npos; at = text_.find('\n', at + 1)) {
      line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
    }
  }
  offset = std::min<std::uint64_t>(offset, text_.size());
  const auto line = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - 1;
  const std::string_view before = text_.substr(*line, offset - *line);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  const auto characters = before.size() - static_cast<std::size_t>(std::count_if(before.begin(), before.end(), continues));
  return {static_cast<std::uint32_t>(line - line_starts_.begin() + 1), static_cast<std::uint32_t>(characters + 1)};
}

}  // namespace flux
