// A file that appears whole when it is finished: a run that fails leaves what was there before.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "file/saved_file.h"

namespace flux::cli {

class OutputFile {
 public:
  // "-" is standard output. Fails at once when the file cannot be written.
  explicit OutputFile(std::string path);

  void write(std::string_view text);
  // Puts the file in its place. Without this call the destructor drops what was written.
  void finish();

  const std::string& path() const { return path_; }

 private:
  void flush();

  std::string path_;
  std::optional<SavedFile> file_;  // none: standard output
  std::string buffer_;
};

}  // namespace flux::cli
