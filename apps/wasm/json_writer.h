// Writes JSON piece by piece: commas and quotes come by themselves, the nesting is the caller's to keep right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "file/json_tree.h"
#include "fmt/format.h"

namespace flux {

class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name) {
    separate();
    append_json_string(text_, name);
    text_ += ':';
    follows_key_ = true;
    return *this;
  }

  JsonWriter& string(std::string_view value) {
    separate();
    append_json_string(text_, value);
    return *this;
  }
  JsonWriter& integer(std::int64_t value) { return raw(fmt::format_int(value).c_str()); }
  JsonWriter& number(double value) { return raw(json_number(value)); }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  // Text that is JSON already.
  JsonWriter& raw(std::string_view json) {
    separate();
    text_ += json;
    return *this;
  }

  // The next element, or the end of an array of such, begins a line: of a long list a reader can tell the elements apart without reading
  // them.
  JsonWriter& on_new_line() {
    starts_line_ = true;
    return *this;
  }

  JsonWriter& string(std::string_view name, std::string_view value) { return key(name).string(value); }
  JsonWriter& integer(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& string_if_any(std::string_view name, std::string_view value) { return value.empty() ? *this : string(name, value); }

  std::string take() { return std::move(text_); }

 private:
  JsonWriter& open(char bracket) {
    separate();
    text_ += bracket;
    is_first_ = true;
    return *this;
  }
  JsonWriter& close(char bracket) {
    break_line();
    text_ += bracket;
    is_first_ = false;
    return *this;
  }
  void separate() {
    if (!follows_key_ && !is_first_) text_ += ',';
    follows_key_ = is_first_ = false;
    break_line();
  }
  void break_line() {
    if (starts_line_) text_ += '\n';
    starts_line_ = false;
  }

  std::string text_;
  bool is_first_ = true;
  bool follows_key_ = false;
  bool starts_line_ = false;
};

}  // namespace flux
