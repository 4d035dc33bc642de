// What is done with hostile bytes, by the fuzz targets and by the test that replays their corpus. Each aborts when a reader accepts
// what it should not, or loses something.
#pragma once

#include <string_view>

namespace flux::fuzz {

// Each returns whether the input was accepted.
bool try_text(std::string_view bytes);
bool try_flx(std::string_view bytes);    // as it is, and with checksums that fit
bool try_edges(std::string_view bytes);  // options in the first byte; a table of neurons behind a byte 0x1e

bool try_operations(std::string_view bytes);  // as text, packed as it is, and packed with a checksum that fits; applied to a small tree
bool try_editor(std::string_view bytes);      // operations, each on documents that run; in edited_network.cpp

}  // namespace flux::fuzz
