// Tables as comma-separated values: separator, quotes, header and columns.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "file/edge_import.h"

namespace flux {

struct CsvRow {
  std::uint64_t line = 0;                // from 1, where the row begins
  std::vector<std::string_view> fields;  // without quotes and the spaces around them; valid until the next row
};

// Splits a text into rows. The separator is found out: tab, semicolon, comma or runs of blanks. Skips empty lines and lines that begin
// with #. Line ends may be \n, \r\n or \r; a byte order mark is skipped.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string name);

  // False at the end of the text.
  Result<bool> next(CsvRow& row);
  std::string where(std::uint64_t line) const { return name_ + ":" + std::to_string(line); }
  const std::string& name() const { return name_; }

 private:
  bool at_line_end() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }
  void skip_line_end();
  void skip_blanks();
  void skip_idle_lines();
  std::optional<std::string_view> quoted_field();
  std::string_view plain_field();
  bool skip_separator();

  std::string_view text_;
  std::string name_;
  char separator_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::deque<std::string> unquoted_;  // fields of the row whose quotes were doubled
};

// A table with its columns told apart.
class CsvTable {
 public:
  // Reads as far as the first row of data. `usual_names` are normalized (see normalized()); one of them in the first row makes it a header.
  static Result<CsvTable> open(std::string_view text, std::string name, CsvHeader header, std::span<const std::string_view> usual_names);

  bool has_header() const { return !header_.empty(); }
  std::size_t column_count() const { return has_header() ? header_.size() : first_.fields.size(); }
  // False at the end. A row with more fields than there are columns is an error, unless they are empty.
  Result<bool> next(CsvRow& row);

  // The column that an option names by header or number; `option` is for messages.
  Result<std::size_t> column(const std::string& name_or_number, std::string_view option) const;
  // The first column whose header is one of these.
  std::optional<std::size_t> column_with(std::span<const std::string_view> usual_names) const;
  // Whether a field of the first row of data is a number.
  bool is_number(std::size_t column) const;
  // "3 (count)", or "3".
  std::string label(std::size_t column) const;

  const CsvReader& reader() const { return reader_; }

 private:
  explicit CsvTable(CsvReader reader) : reader_(std::move(reader)) {}
  void keep(CsvRow& row);

  CsvReader reader_;
  std::vector<std::string> header_;
  std::vector<std::string> kept_;  // what first_ refers to
  CsvRow first_;                   // read but not yet given out
  bool has_first_ = false;
};

// Letters and digits only, small: "Pre_ID" and "pre id" are the same.
std::string normalized(std::string_view text);

}  // namespace flux
