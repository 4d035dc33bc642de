// The frame of a .flx file: a header, a table of named parts, the parts. docs/file-format.md is the norm.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace flux {

static_assert(std::endian::native == std::endian::little, "parts are mapped as they lie in the file, which is little-endian");

inline constexpr std::string_view FLUX_FLX_MAGIC{"FLX\x1a\r\n\0\n", 8};  // shows when a transfer changed line ends or cut bit 7
inline constexpr std::uint32_t FLUX_FLX_VERSION = 1;
inline constexpr std::uint32_t FLUX_FLX_MAX_PARTS = 4096;
inline constexpr std::size_t FLUX_FLX_ALIGNMENT = 64;
inline constexpr std::size_t FLUX_FLX_TAG = 16;  // bytes
inline constexpr std::uint32_t FLUX_FLX_MUST_UNDERSTAND = 1;

struct FlxHeader {
  char magic[8];
  std::uint32_t version;
  std::uint32_t byte_order;  // 0x01020304
  std::uint64_t file_size;
  std::uint32_t part_count;
  std::uint32_t reserved;
  std::uint64_t table_offset;
  std::uint64_t table_checksum;
  std::uint64_t reserved2;
  std::uint64_t header_checksum;  // of the 56 bytes before
};
static_assert(sizeof(FlxHeader) == 64);

struct FlxPart {
  char tag[FLUX_FLX_TAG];  // padded with zero bytes
  std::uint64_t offset;
  std::uint64_t size;
  std::uint64_t checksum;
  std::uint32_t flags;
  std::uint32_t reserved;

  std::string_view name() const;
};
static_assert(sizeof(FlxPart) == 48);

std::uint64_t flx_checksum(std::span<const std::byte> bytes);
// A checksum of the parts that a circuit is stored in, told from the table alone; a compiled graph carries it.
std::uint64_t flx_origin(std::span<const FlxPart> parts);

// A file in memory whose header and table hold together. Parts are verified when they are asked for.
class FlxContainer {
 public:
  static Result<FlxContainer> open(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& name);

  std::span<const FlxPart> parts() const { return parts_; }
  const FlxPart* find(std::string_view tag) const;
  // The part's bytes when its checksum is right.
  Result<std::span<std::byte>> bytes(const FlxPart& part) const;
  // Fails when a part that must be understood is none of these names, or begins with none of these prefixes.
  Status refuse_unknown(std::span<const std::string_view> names) const;

  const std::shared_ptr<std::byte>& memory() const { return memory_; }
  const std::string& name() const { return name_; }
  Error damaged(std::string what) const { return {std::move(what), name_, "use an older copy of the file"}; }

 private:
  std::shared_ptr<std::byte> memory_;
  std::string name_;
  std::vector<FlxPart> parts_;
};

// Collects parts, then writes them as one file. Bytes that are added must stay until then, except those kept by add_owned.
class FlxWriter {
 public:
  void add(std::string_view tag, std::span<const std::byte> bytes, std::uint32_t flags);
  template <class T>
  void add_column(std::string_view tag, std::span<const T> column, std::uint32_t flags = 0) {
    add(tag, std::as_bytes(column), flags);
  }
  template <class T>
  void add_owned(std::string_view tag, std::vector<T> column, std::uint32_t flags = 0) {
    auto kept = std::make_shared<std::vector<T>>(std::move(column));
    add(tag, std::as_bytes(std::span<const T>(*kept)), flags);
    kept_.push_back(std::move(kept));
  }

  std::uint64_t origin() const { return flx_origin(parts_); }
  Status write(const std::string& path);
  std::string bytes();  // what write() writes

 private:
  template <class Sink>
  Status write_to(Sink sink);
  std::vector<FlxPart> parts_;
  std::vector<std::span<const std::byte>> bytes_;
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace flux
