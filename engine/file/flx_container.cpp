#include "flx_container.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <unordered_set>

#include "file/saved_file.h"
#include "fmt/format.h"
#include "xxhash.h"

namespace flux {
namespace {

constexpr std::uint32_t FLUX_FLX_BYTE_ORDER = 0x01020304;
constexpr std::size_t FLUX_CHECKSUMMED_HEADER = offsetof(FlxHeader, header_checksum);

std::uint64_t aligned(std::uint64_t offset) { return (offset + FLUX_FLX_ALIGNMENT - 1) / FLUX_FLX_ALIGNMENT * FLUX_FLX_ALIGNMENT; }

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span<const T, 1>(&value, 1));
}

std::uint64_t header_checksum(const FlxHeader& header) { return flx_checksum(bytes_of(header).first(FLUX_CHECKSUMMED_HEADER)); }

bool holds_circuit(const FlxPart& part) { return part.name() == "circuit" || part.name().starts_with("synapse."); }

// Whether [offset, offset + size) lies in a file of `file_size` bytes.
bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t file_size) { return offset <= file_size && size <= file_size - offset; }

}  // namespace

std::string_view FlxPart::name() const { return {tag, static_cast<std::size_t>(std::find(tag, tag + FLUX_FLX_TAG, '\0') - tag)}; }

std::uint64_t flx_checksum(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::uint64_t flx_origin(std::span<const FlxPart> parts) {
  std::vector<std::uint64_t> checksums;
  for (const FlxPart& part : parts) {
    if (holds_circuit(part)) checksums.push_back(part.checksum);
  }
  return flx_checksum(std::as_bytes(std::span(checksums)));
}

Result<FlxContainer> FlxContainer::open(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& name) {
  FlxContainer file;
  file.name_ = name;
  FlxHeader header{};
  if (size < sizeof header) return file.damaged("the file is cut off within its header");
  std::memcpy(&header, memory.get(), sizeof header);
  if (std::string_view(header.magic, sizeof header.magic) != FLUX_FLX_MAGIC) {
    return file.damaged("the mark at the beginning of the file is damaged, as by a transfer that changed line ends");
  }
  if (header.version != FLUX_FLX_VERSION) {
    return Error{fmt::format("the file has version {} of the .flx form, this program knows version {}", header.version, FLUX_FLX_VERSION),
                 name, "use a newer program, or save the circuit as text with the one that made it"};
  }
  if (header.byte_order != FLUX_FLX_BYTE_ORDER) return file.damaged("the file has an unknown byte order");
  if (header.header_checksum != header_checksum(header)) return file.damaged("the header of the file is damaged");
  if (header.file_size != size) return file.damaged(fmt::format("the file has {} bytes instead of {}", size, header.file_size));
  const std::uint64_t table_size = std::uint64_t{header.part_count} * sizeof(FlxPart);
  if (header.part_count > FLUX_FLX_MAX_PARTS || !fits(header.table_offset, table_size, size)) {
    return file.damaged("the table of parts leaves the file");
  }
  const std::span<const std::byte> table(memory.get() + header.table_offset, table_size);
  if (header.table_checksum != flx_checksum(table)) return file.damaged("the table of parts is damaged");

  file.parts_.resize(header.part_count);
  if (table_size > 0) std::memcpy(file.parts_.data(), table.data(), table_size);
  std::unordered_set<std::string_view> names;
  for (const FlxPart& part : file.parts_) {
    if (part.offset % FLUX_FLX_ALIGNMENT != 0 || !fits(part.offset, part.size, size)) {
      return file.damaged(fmt::format("part \"{}\" leaves the file", part.name()));
    }
    if (!names.insert(part.name()).second) return file.damaged(fmt::format("part \"{}\" is there twice", part.name()));
  }
  file.memory_ = std::move(memory);
  return file;
}

const FlxPart* FlxContainer::find(std::string_view tag) const {
  const auto part = std::find_if(parts_.begin(), parts_.end(), [&](const FlxPart& p) { return p.name() == tag; });
  return part == parts_.end() ? nullptr : &*part;
}

Result<std::span<std::byte>> FlxContainer::bytes(const FlxPart& part) const {
  const std::span<std::byte> bytes(memory_.get() + part.offset, part.size);
  if (flx_checksum(bytes) != part.checksum) return damaged(fmt::format("part \"{}\" is damaged", part.name()));
  return bytes;
}

Status FlxContainer::refuse_unknown(std::span<const std::string_view> names) const {
  for (const FlxPart& part : parts_) {
    if ((part.flags & FLUX_FLX_MUST_UNDERSTAND) == 0 || std::find(names.begin(), names.end(), part.name()) != names.end()) continue;
    return Error{fmt::format("the file needs \"{}\", which this program does not know", part.name()), name_, "use a newer program"};
  }
  return {};
}

void FlxWriter::add(std::string_view tag, std::span<const std::byte> bytes, std::uint32_t flags) {
  assert(tag.size() <= FLUX_FLX_TAG && parts_.size() < FLUX_FLX_MAX_PARTS);
  FlxPart part{};
  std::copy(tag.begin(), tag.end(), part.tag);
  part.size = bytes.size();
  part.checksum = flx_checksum(bytes);
  part.flags = flags;
  parts_.push_back(part);
  bytes_.push_back(bytes);
}

// Passes the file piece by piece to sink(span of bytes), which returns a Status.
template <class Sink>
Status FlxWriter::write_to(Sink sink) {
  FlxHeader header{};
  std::copy(FLUX_FLX_MAGIC.begin(), FLUX_FLX_MAGIC.end(), header.magic);
  header.version = FLUX_FLX_VERSION;
  header.byte_order = FLUX_FLX_BYTE_ORDER;
  header.part_count = static_cast<std::uint32_t>(parts_.size());
  header.table_offset = sizeof header;
  std::uint64_t end = sizeof header + parts_.size() * sizeof(FlxPart);
  for (FlxPart& part : parts_) {
    part.offset = aligned(end);
    end = part.offset + part.size;
  }
  header.file_size = end;
  header.table_checksum = flx_checksum(std::as_bytes(std::span(parts_)));
  header.header_checksum = header_checksum(header);

  static constexpr std::byte FLUX_ZEROS[FLUX_FLX_ALIGNMENT] = {};
  if (Status status = sink(bytes_of(header)); !status) return status;
  if (Status status = sink(std::as_bytes(std::span(parts_))); !status) return status;
  std::uint64_t position = sizeof header + parts_.size() * sizeof(FlxPart);
  for (const std::span<const std::byte> bytes : bytes_) {
    const auto padding = static_cast<std::size_t>(aligned(position) - position);
    if (Status status = sink(std::span(FLUX_ZEROS, padding)); !status) return status;
    if (Status status = sink(bytes); !status) return status;
    position += padding + bytes.size();
  }
  return {};
}

Status FlxWriter::write(const std::string& path) {
  Result<SavedFile> file = SavedFile::create(path);
  if (!file) return file.error();
  if (Status status = write_to([&](std::span<const std::byte> bytes) { return file.value().write(bytes); }); !status) return status;
  return file.value().commit();
}

std::string FlxWriter::bytes() {
  std::string file;
  (void)write_to([&](std::span<const std::byte> bytes) {
    file.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return Status();
  });
  return file;
}

}  // namespace flux
