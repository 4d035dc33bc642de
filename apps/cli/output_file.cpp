#include "output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "failure.h"

namespace flux::cli {
namespace {

constexpr std::size_t FLUX_BUFFER = 1 << 18;  // bytes gathered before they are written

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  if (path_ != "-") file_ = value_or_fail(SavedFile::create(path_));
}

void OutputFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= FLUX_BUFFER) flush();
}

void OutputFile::flush() {
  if (file_) {
    ok_or_fail(file_->write(buffer_));
  } else if (std::fwrite(buffer_.data(), 1, buffer_.size(), stdout) != buffer_.size() || std::fflush(stdout) != 0) {
    throw Failure(std::string("standard output cannot be written: ") + std::strerror(errno));
  }
  buffer_.clear();
}

void OutputFile::finish() {
  flush();
  if (file_) ok_or_fail(file_->commit());
}

}  // namespace flux::cli
