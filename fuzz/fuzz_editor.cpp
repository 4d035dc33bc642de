#include <cstddef>
#include <cstdint>

#include "fuzz_bodies.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  flux::fuzz::try_editor({reinterpret_cast<const char*>(data), size});
  return 0;
}
