#include "table_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "arguments.h"
#include "circuit/identifier.h"
#include "failure.h"
#include "text.h"

namespace flux::cli {

TableFile::TableFile(const std::string& path, std::string_view columns) : path_(path), columns_(columns) {
  require_input_file(path);
  input_.open(path, std::ios::binary);
  const std::vector<std::string> wanted = split_csv_line(columns);
  column_count_ = wanted.size();
  if (std::getline(input_, text_)) ++line_;
  if (text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
  if (split_csv_line(text_) != wanted) {
    line_ = 1;
    fail(fmt::format("the first line must be the header {}", columns_));
  }
}

bool TableFile::next(std::vector<std::string>& fields) {
  while (std::getline(input_, text_)) {
    ++line_;
    if (!is_utf8(text_)) fail("this line is not valid UTF-8; save the file as UTF-8");
    const std::size_t first = text_.find_first_not_of(" \t\r");
    if (first == std::string::npos || text_[first] == '#') continue;
    fields = split_csv_line(text_);
    if (fields.size() == column_count_) return true;
    fail(fmt::format("{} fields where {} belong; the columns are {}", fields.size(), column_count_, columns_));
  }
  if (input_.bad()) fail("the file cannot be read to its end; check the disk");
  return false;
}

std::int64_t TableFile::whole_number(const std::string& field, std::string_view name, std::int64_t low, std::int64_t high) const {
  std::int64_t number = 0;
  const char* end = field.data() + field.size();
  const auto parsed = std::from_chars(field.data(), end, number);
  if (field.empty() || parsed.ec != std::errc() || parsed.ptr != end || number < low || number > high)
    fail(fmt::format("{} is '{}'; it must be a whole number from {} to {}", name, field, low, high));
  return number;
}

void TableFile::fail(std::string_view message) const { throw Failure(fmt::format("{}:{}: {}", path_, line_, message)); }

}  // namespace flux::cli
