// A file that appears whole or not at all: written under a temporary name beside its place, synced, then renamed.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace flux {

class SavedFile {
 public:
  // Opens a temporary file in the folder of `path`. A path that exists and is no regular file (a device, a pipe) is written directly.
  static Result<SavedFile> create(const std::string& path);

  SavedFile(SavedFile&& other) noexcept;
  SavedFile& operator=(SavedFile&& other) noexcept;
  ~SavedFile();  // without commit(): removes the temporary file

  Status write(std::span<const std::byte> bytes);
  Status write(std::string_view text) { return write(std::as_bytes(std::span(text.data(), text.size()))); }
  // Syncs the file, gives it its name, syncs the folder. After a failure the old file is as it was.
  Status commit();

 private:
  SavedFile() = default;
  Error error(std::string_view what, int number) const;
  void discard();

  std::string path_;       // behind symbolic links
  std::string temporary_;  // empty: written directly
  int descriptor_ = -1;
};

// All of a small file at once.
Status save_file(const std::string& path, std::string_view text);

}  // namespace flux
