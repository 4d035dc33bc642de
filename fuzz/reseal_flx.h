// Gives a changed .flx file checksums that fit, so that changes reach what lies behind them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "xxhash.h"

namespace flux::fuzz {

// Places in the header and the table; see docs/file-format.md.
struct FlxLayout {
  static constexpr std::size_t header_size = 64, part_count = 24, table_offset = 32, table_checksum = 40, header_checksum = 56;
  static constexpr std::size_t entry_size = 48, entry_offset = 16, entry_bytes = 24, entry_checksum = 32;
};

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

template <class T>
void put_number(std::string& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

// What leaves the file stays as it is.
inline std::string resealed(std::string bytes) {
  using Layout = FlxLayout;
  if (bytes.size() < Layout::header_size) return bytes;
  const auto fits = [&](std::uint64_t offset, std::uint64_t size) { return offset <= bytes.size() && size <= bytes.size() - offset; };
  const std::uint64_t count = number_at<std::uint32_t>(bytes, Layout::part_count);
  const auto table = number_at<std::uint64_t>(bytes, Layout::table_offset);
  const std::uint64_t table_size = count * Layout::entry_size;
  if (fits(table, table_size)) {
    for (std::uint64_t entry = table; entry < table + table_size; entry += Layout::entry_size) {
      const auto offset = number_at<std::uint64_t>(bytes, entry + Layout::entry_offset);
      const auto size = number_at<std::uint64_t>(bytes, entry + Layout::entry_bytes);
      if (fits(offset, size)) put_number(bytes, entry + Layout::entry_checksum, std::uint64_t{XXH3_64bits(bytes.data() + offset, size)});
    }
    put_number(bytes, Layout::table_checksum, std::uint64_t{XXH3_64bits(bytes.data() + table, table_size)});
  }
  put_number(bytes, Layout::header_checksum, std::uint64_t{XXH3_64bits(bytes.data(), Layout::header_checksum)});
  return bytes;
}

}  // namespace flux::fuzz
