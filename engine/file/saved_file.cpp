#include "file/saved_file.h"

#if defined(__unix__)

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "fmt/format.h"

namespace flux {
namespace {

constexpr std::size_t FLUX_WRITE_CHUNK = std::size_t{1} << 30;  // Linux writes less than 2 GiB at a time
constexpr int FLUX_NAME_ATTEMPTS = 100;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// The file a symbolic link leads to, so that saving replaces the file and keeps the link.
std::string behind_links(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

int open_retrying(const std::string& path, int flags, mode_t mode) {
  int descriptor = -1;
  do {
    descriptor = open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

std::string advice_for(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "make room or save elsewhere";
    case EACCES:
    case EPERM:
    case EROFS:
      return "save to a folder you may write to";
    case ENOENT:
    case ENOTDIR:
      return "check that the folder exists";
    case EISDIR:
      return "give the name of a file";
    default:
      return "save elsewhere";
  }
}

}  // namespace

SavedFile::SavedFile(SavedFile&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

SavedFile& SavedFile::operator=(SavedFile&& other) noexcept {
  if (this == &other) return *this;
  discard();
  path_ = std::move(other.path_);
  temporary_ = std::exchange(other.temporary_, {});
  descriptor_ = std::exchange(other.descriptor_, -1);
  return *this;
}

SavedFile::~SavedFile() { discard(); }

Result<SavedFile> SavedFile::create(const std::string& path) {
  SavedFile file;
  file.path_ = behind_links(path);
  struct stat info {};
  const bool exists = stat(file.path_.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return file.error("cannot be written", EISDIR);
  if (exists && !S_ISREG(info.st_mode)) {
    file.descriptor_ = open_retrying(file.path_, O_WRONLY, 0);
    if (file.descriptor_ < 0) return file.error("cannot be written", errno);
    return file;
  }
  // Replacing a file needs no right to write to it, so the right is asked for here: a protected file stays.
  if (exists && access(file.path_.c_str(), W_OK) != 0) return file.error("cannot be replaced", errno);
  const std::string base = folder_of(file.path_) + "/." + name_of(file.path_) + fmt::format(".{}-", getpid());
  for (int attempt = 0; attempt < FLUX_NAME_ATTEMPTS; ++attempt) {
    const std::string temporary = base + std::to_string(attempt) + ".tmp";
    file.descriptor_ = open_retrying(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (file.descriptor_ < 0 && errno == EEXIST) continue;
    if (file.descriptor_ < 0) return file.error("cannot be written", errno);
    file.temporary_ = temporary;
    if (exists && fchmod(file.descriptor_, info.st_mode & 07777) != 0) return file.error("cannot be given its permissions", errno);
    return file;
  }
  return file.error("cannot be written beside", EEXIST);
}

Status SavedFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), std::min(bytes.size(), FLUX_WRITE_CHUNK));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return error("cannot be written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Status SavedFile::commit() {
  if (temporary_.empty()) {
    if (close(std::exchange(descriptor_, -1)) != 0) return error("cannot be written", errno);
    return {};
  }
  if (fsync(descriptor_) != 0) return error("cannot be written", errno);
  if (close(std::exchange(descriptor_, -1)) != 0) return error("cannot be written", errno);
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return error("cannot be given its name", errno);
  temporary_.clear();
  // The rename is durable once the folder is synced. Some file systems cannot sync folders; the file is complete either way.
  const int folder = open_retrying(folder_of(path_), O_RDONLY | O_DIRECTORY, 0);
  if (folder >= 0) {
    fsync(folder);
    close(folder);
  }
  return {};
}

Error SavedFile::error(std::string_view what, int number) const {
  return {fmt::format("{} ({}); what was there before is untouched", what, std::strerror(number)), path_, advice_for(number)};
}

void SavedFile::discard() {
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) unlink(std::exchange(temporary_, {}).c_str());
}

}  // namespace flux

#else

namespace flux {

Result<SavedFile> SavedFile::create(const std::string& path) {
  return Error{"files cannot be written on this platform", path, "take the bytes of the file instead"};
}
SavedFile::SavedFile(SavedFile&&) noexcept = default;
SavedFile& SavedFile::operator=(SavedFile&&) noexcept = default;
SavedFile::~SavedFile() = default;
Status SavedFile::write(std::span<const std::byte>) { return {}; }
Status SavedFile::commit() { return {}; }

}  // namespace flux

#endif

namespace flux {

Status save_file(const std::string& path, std::string_view text) {
  Result<SavedFile> file = SavedFile::create(path);
  if (!file) return file.error();
  if (Status status = file.value().write(text); !status) return status;
  return file.value().commit();
}

}  // namespace flux
