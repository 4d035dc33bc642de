// A fixed-size array of plain values in memory of its own (large ones on huge pages) or in a mapped file.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace flux {

// Zeroed memory aligned to 64 bytes or more. From 1 MiB on it is mapped separately, with huge pages where the system grants them:
// random access into large tables is bound by address translation otherwise. Null when the system has no more, or an address cannot say so
// much: sizes are 64 bits wide everywhere, addresses of WebAssembly are 32.
std::shared_ptr<std::byte> allocate_zeroed(std::uint64_t bytes);

// The bytes of a file, mapped privately: changes stay in this process and are never written back.
struct MappedFile {
  std::shared_ptr<std::byte> bytes;
  std::size_t size = 0;
};
Result<MappedFile> map_file(const std::string& path);

template <class T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Array() = default;
  // `count` zeroed elements; data() is null when the memory could not be had and count > 0.
  explicit Array(std::uint64_t count) : memory_(allocate_zeroed(count * sizeof(T))), size_(memory_ ? static_cast<std::size_t>(count) : 0) {}
  // `count` elements inside memory owned by `memory`, starting at `first`.
  Array(std::shared_ptr<std::byte> memory, T* first, std::size_t count)
      : memory_(std::shared_ptr<std::byte>(std::move(memory), reinterpret_cast<std::byte*>(first))), size_(count) {}

  T* data() { return reinterpret_cast<T*>(memory_.get()); }
  const T* data() const { return reinterpret_cast<const T*>(memory_.get()); }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return size_ * sizeof(T); }
  T& operator[](std::size_t i) {
    assert(i < size_);
    return data()[i];
  }
  const T& operator[](std::size_t i) const {
    assert(i < size_);
    return data()[i];
  }
  std::span<T> span() { return {data(), size_}; }
  std::span<const T> span() const { return {data(), size_}; }

  // The first `count` elements, in the same memory.
  Array first(std::size_t count) const {
    assert(count <= size_);
    Array part = *this;
    part.size_ = count;
    return part;
  }

  // The same elements in memory of its own with room for `count`; new ones are zero. False, unchanged, when memory ran out.
  bool resize(std::uint64_t count) {
    Array larger(count);
    if (larger.size() != count) return false;
    for (std::size_t i = 0; i < size_ && i < count; ++i) larger.data()[i] = data()[i];
    *this = std::move(larger);
    return true;
  }

 private:
  std::shared_ptr<std::byte> memory_;
  std::size_t size_ = 0;
};

}  // namespace flux
