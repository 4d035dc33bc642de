#include "base/array.h"

#include <cstdlib>
#include <cstring>

#if defined(__unix__)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace flux {

namespace {
constexpr std::size_t FLUX_ALIGNMENT = 64;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

std::shared_ptr<std::byte> allocate_small(std::size_t bytes) {
  const std::size_t size = round_up(bytes, FLUX_ALIGNMENT);
  auto* memory = static_cast<std::byte*>(std::aligned_alloc(FLUX_ALIGNMENT, size));
  if (memory == nullptr) return nullptr;
  std::memset(memory, 0, size);
  return {memory, [](std::byte* p) { std::free(p); }};
}
}  // namespace

#if defined(__unix__)

namespace {
constexpr std::size_t FLUX_HUGE_PAGE = std::size_t{2} << 20;
constexpr std::size_t FLUX_MAPPED_FROM = std::size_t{1} << 20;  // smaller arrays share pages
}  // namespace

std::shared_ptr<std::byte> allocate_zeroed(std::uint64_t bytes) {
  if (bytes == 0) return nullptr;
  if (bytes < FLUX_MAPPED_FROM) return allocate_small(bytes);
  if (bytes > SIZE_MAX - 2 * FLUX_HUGE_PAGE) return nullptr;
  const std::size_t size = round_up(bytes, FLUX_HUGE_PAGE);
  const std::size_t mapped = size + FLUX_HUGE_PAGE;  // so that an aligned part of `size` lies inside
  void* raw = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(raw);
  auto* aligned = reinterpret_cast<std::byte*>(round_up(address, FLUX_HUGE_PAGE));
#if defined(MADV_HUGEPAGE)
  madvise(aligned, size, MADV_HUGEPAGE);  // a hint: small pages are slower, not wrong
#endif
  return {aligned, [raw, mapped](std::byte*) { munmap(raw, mapped); }};
}

Result<MappedFile> map_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Error{std::string("cannot be opened (") + std::strerror(errno) + ")", path, "check the name and the permissions"};
  struct stat info {};
  if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(file);
    return Error{"is not a file that can be read", path, "give a regular file"};
  }
  MappedFile result;
  result.size = static_cast<std::size_t>(info.st_size);
  if (result.size > 0) {
    const std::size_t size = result.size;
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    if (memory == MAP_FAILED) {
      close(file);
      return Error{std::string("cannot be mapped (") + std::strerror(errno) + ")", path, "free memory or address space"};
    }
    result.bytes = {static_cast<std::byte*>(memory), [size](std::byte* p) { munmap(p, size); }};
  }
  close(file);
  return result;
}

#else

std::shared_ptr<std::byte> allocate_zeroed(std::uint64_t bytes) {
  if (bytes == 0 || bytes > SIZE_MAX - FLUX_ALIGNMENT) return nullptr;
  return allocate_small(static_cast<std::size_t>(bytes));
}

Result<MappedFile> map_file(const std::string& path) {
  return Error{"files cannot be mapped on this platform", path, "pass the bytes of the file instead"};
}

#endif

}  // namespace flux
