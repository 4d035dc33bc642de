// The shell's tables in CSV: one header line that must be there, then rows, read one by one.
#pragma once

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "graph/properties.h"

namespace flux::cli {

class TableFile {
 public:
  // Fails unless the first line names exactly these columns.
  TableFile(const std::string& path, std::string_view columns);

  // The next row that is neither empty nor a comment (#); false at the end. Fails unless it has as many fields as the header.
  bool next(std::vector<std::string>& fields);
  // A field that must be a whole number from `low` to `high`.
  std::int64_t whole_number(const std::string& field, std::string_view name, std::int64_t low, std::int64_t high) const;
  // "FILE:LINE: message", of the row last read.
  [[noreturn]] void fail(std::string_view message) const;

 private:
  std::string path_;
  std::string columns_;
  std::size_t column_count_;
  std::ifstream input_;
  std::string text_;
  std::size_t line_ = 0;
};

}  // namespace flux::cli
