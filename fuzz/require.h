// What must hold whatever the input is.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "base/result.h"

namespace flux::fuzz {

inline void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

inline void require_useful(const Error& error) { require(!error.what.empty(), "an error says what is wrong"); }

}  // namespace flux::fuzz
