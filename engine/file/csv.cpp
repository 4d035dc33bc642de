#include "csv.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "decimal.h"
#include "fmt/format.h"
#include "suggest.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_BYTE_ORDER_MARK = "\xef\xbb\xbf";
constexpr std::size_t FLUX_LINES_LOOKED_AT = 10;  // to find out the separator
constexpr std::array FLUX_SEPARATORS = {'\t', ';', ',', ' '};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t count_outside_quotes(std::string_view line, char separator) {
  std::size_t count = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (quoted || line[i] != separator) continue;
    // A run of spaces separates once.
    if (separator != ' ' || (i > 0 && line[i - 1] != ' ')) ++count;
  }
  return count;
}

// The first separator that all of the first lines have equally often, else the first that the first line has.
char find_separator(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < FLUX_LINES_LOOKED_AT) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty() && line.front() != '#') lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (lines.empty()) return ',';
  for (const char separator : FLUX_SEPARATORS) {
    const std::size_t count = count_outside_quotes(lines.front(), separator);
    const auto same = [&](std::string_view line) { return count_outside_quotes(line, separator) == count; };
    if (count > 0 && std::all_of(lines.begin(), lines.end(), same)) return separator;
  }
  for (const char separator : FLUX_SEPARATORS) {
    if (count_outside_quotes(lines.front(), separator) > 0) return separator;
  }
  return ',';
}

bool is_usual(std::string_view field, std::span<const std::string_view> usual_names) {
  return std::find(usual_names.begin(), usual_names.end(), normalized(field)) != usual_names.end();
}

bool has_number(const std::vector<std::string_view>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](std::string_view field) { return parse_millionths(field).has_value(); });
}

}  // namespace

std::string normalized(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      result += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      result += c;
    }
  }
  return result;
}

CsvReader::CsvReader(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {
  if (text_.starts_with(FLUX_BYTE_ORDER_MARK)) text_.remove_prefix(FLUX_BYTE_ORDER_MARK.size());
  separator_ = find_separator(text_);
}

void CsvReader::skip_line_end() {
  if (at_ >= text_.size()) return;
  at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
  ++line_;
}

void CsvReader::skip_blanks() {
  while (at_ < text_.size() && is_blank(text_[at_]) && (text_[at_] != separator_ || separator_ == ' ')) ++at_;
}

void CsvReader::skip_idle_lines() {
  while (at_ < text_.size()) {
    const std::size_t begin = at_;
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '#') at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    if (!at_line_end()) {
      at_ = begin;
      return;
    }
    skip_line_end();
  }
}

Result<bool> CsvReader::next(CsvRow& row) {
  row.fields.clear();
  unquoted_.clear();
  skip_idle_lines();
  if (at_ >= text_.size()) return false;
  row.line = line_;
  do {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') {
      const auto field = quoted_field();
      if (!field) return Error{"a quote is opened and never closed", where(row.line), "close it with \""};
      row.fields.push_back(*field);
      skip_blanks();
    } else {
      row.fields.push_back(plain_field());
    }
  } while (skip_separator());
  if (!at_line_end()) return Error{"there is text behind a closing quote", where(line_), "put quotes around the whole field"};
  skip_line_end();
  return true;
}

std::string_view CsvReader::plain_field() {
  const std::size_t begin = at_;
  while (!at_line_end() && text_[at_] != separator_ && (separator_ != ' ' || !is_blank(text_[at_]))) ++at_;
  return trimmed(text_.substr(begin, at_ - begin));
}

// Nothing when the text ends before the quote.
std::optional<std::string_view> CsvReader::quoted_field() {
  std::string& field = unquoted_.emplace_back();
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] == '"') {
      ++at_;
      if (at_ >= text_.size() || text_[at_] != '"') return trimmed(field);
    }
    field += text_[at_];
  }
  return std::nullopt;
}

bool CsvReader::skip_separator() {
  if (separator_ == ' ') {
    skip_blanks();
    return !at_line_end() && is_blank(text_[at_ - 1]);
  }
  if (at_ >= text_.size() || text_[at_] != separator_) return false;
  ++at_;
  return true;
}

Result<CsvTable> CsvTable::open(std::string_view text, std::string name, CsvHeader header, std::span<const std::string_view> usual_names) {
  CsvTable table(CsvReader(text, std::move(name)));
  CsvRow row;
  auto more = table.reader_.next(row);
  if (!more) return more.error();
  if (!more.value()) return Error{"the table is empty", table.reader_.name(), "give a table with at least one row"};
  table.keep(row);
  if (header == CsvHeader::absent) return table;

  const bool named = std::any_of(table.first_.fields.begin(), table.first_.fields.end(),
                                 [&](std::string_view field) { return is_usual(field, usual_names); });
  const bool worded = !has_number(table.first_.fields);
  if (header == CsvHeader::detect && !named && !worded) return table;
  auto second = table.reader_.next(row);
  if (!second) return second.error();
  if (!second.value() && (header == CsvHeader::present || named)) {
    return Error{"the table has a header and no rows", table.reader_.name(), "give a table with at least one row, or say it has no header"};
  }
  if (header == CsvHeader::present || named || (second.value() && has_number(row.fields))) {
    table.header_ = table.kept_;
    table.has_first_ = false;
    table.first_.fields.clear();
    if (second.value()) table.keep(row);
    return table;
  }
  // Two rows of words: data. Read again from the beginning.
  return open(text, table.reader_.name(), CsvHeader::absent, usual_names);
}

void CsvTable::keep(CsvRow& row) {
  kept_.assign(row.fields.begin(), row.fields.end());
  first_.line = row.line;
  has_first_ = true;
  first_.fields.assign(kept_.begin(), kept_.end());
}

Result<bool> CsvTable::next(CsvRow& row) {
  if (has_first_) {
    has_first_ = false;
    row.line = first_.line;
    row.fields.assign(kept_.begin(), kept_.end());
  } else {
    const auto more = reader_.next(row);
    if (!more || !more.value()) return more;
  }
  for (std::size_t i = column_count(); i < row.fields.size(); ++i) {
    if (row.fields[i].empty()) continue;
    return Error{fmt::format("the row has {} fields, but the table has {} columns", row.fields.size(), column_count()),
                 reader_.where(row.line), "put quotes around fields that hold the separator, or name every column in the header"};
  }
  return true;
}

Result<std::size_t> CsvTable::column(const std::string& name_or_number, std::string_view option) const {
  const auto by_name = std::find(header_.begin(), header_.end(), name_or_number);
  if (by_name != header_.end()) return static_cast<std::size_t>(by_name - header_.begin());
  const auto by_likeness = std::find_if(header_.begin(), header_.end(), [&](const std::string& column) {
    return !column.empty() && normalized(column) == normalized(name_or_number);
  });
  if (by_likeness != header_.end()) return static_cast<std::size_t>(by_likeness - header_.begin());

  std::size_t number = 0;
  const char* end = name_or_number.data() + name_or_number.size();
  const auto parsed = std::from_chars(name_or_number.data(), end, number);
  const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end;
  if (is_number && number >= 1 && number <= column_count()) return number - 1;
  if (is_number || !has_header()) {
    return Error{fmt::format("{} column \"{}\": the table has {} columns{}", option, name_or_number, column_count(),
                             has_header() ? "" : " and no header"),
                 reader_.name(), fmt::format("give a number from 1 to {}", column_count())};
  }
  const std::vector<std::string_view> names(header_.begin(), header_.end());
  return Error{fmt::format("{} column \"{}\" is not in the header", option, name_or_number), reader_.name(),
               did_you_mean(name_or_number, names, fmt::format("there are {}", join_choices(names)))};
}

std::optional<std::size_t> CsvTable::column_with(std::span<const std::string_view> usual_names) const {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (is_usual(header_[i], usual_names)) return i;
  }
  return std::nullopt;
}

bool CsvTable::is_number(std::size_t column) const { return column < kept_.size() && parse_millionths(kept_[column]).has_value(); }

std::string CsvTable::label(std::size_t column) const {
  return has_header() ? fmt::format("{} ({})", column + 1, header_[column]) : fmt::format("{}", column + 1);
}

}  // namespace flux
