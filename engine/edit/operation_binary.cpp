// Frame of a packed message: 8 bytes magic, version and zero as 32-bit numbers, length of the text and XXH3 of it as 64-bit ones, the text.
// All numbers are little-endian.
#include <cstring>

#include "edit/operation.h"
#include "fmt/format.h"
#include "xxhash.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_MAGIC{"FLO\x1a\r\n\0\n", 8};
constexpr std::size_t FLUX_FRAME_BYTES = 32;

template <class Number>
void append_number(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return number;
}

}  // namespace

bool is_packed(std::string_view bytes) { return bytes.starts_with(FLUX_MAGIC); }

std::string pack_operations(std::span<const Operation> operations) {
  const std::string text = write_operations(operations);
  std::string bytes(FLUX_MAGIC);
  append_number<std::uint32_t>(bytes, FLUX_OPERATIONS_VERSION);
  append_number<std::uint32_t>(bytes, 0);
  append_number<std::uint64_t>(bytes, text.size());
  append_number<std::uint64_t>(bytes, XXH3_64bits(text.data(), text.size()));
  return bytes += text;
}

Result<std::vector<Operation>> unpack_operations(std::string_view bytes, const std::string& name) {
  if (!is_packed(bytes) || bytes.size() < FLUX_FRAME_BYTES) {
    return Error{"this is not a packed message of operations, or it is cut off", name, "send it again"};
  }
  if (const std::uint64_t version = number_at(bytes, 8, 4); version != FLUX_OPERATIONS_VERSION) {
    return Error{fmt::format("version {} of packed operations is not one this program knows", version), name,
                 "a higher number needs a newer program"};
  }
  const std::string_view text = bytes.substr(FLUX_FRAME_BYTES);
  if (number_at(bytes, 12, 4) != 0 || number_at(bytes, 16, 8) != text.size() ||
      number_at(bytes, 24, 8) != XXH3_64bits(text.data(), text.size())) {
    return Error{"the message of operations is damaged", name, "send it again"};
  }
  return read_operations(text, name);
}

}  // namespace flux
