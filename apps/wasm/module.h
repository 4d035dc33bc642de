// The C ABI of the engine as a WebAssembly module: what a host in JavaScript calls. One module holds one document; a host that wants two
// instantiates it twice. Nothing here is thread safe, blocks or throws.
//
// Numbers are int32, or double where they may be larger (ticks, microseconds). Text goes in as UTF-8 at (pointer, size) in memory from
// flux_allocate(). Functions that answer leave a text or bytes, at flux_answer() and flux_answer_size(), which stand until the next call:
// a JSON object with one member, "value", or "error": {what, where, fix}. Those that return int32 return 1 and such an error in the answer
// when they fail, else 0. Arrays are at the addresses returned until the next call that computes; memory may grow in any call, so views
// of it are to be made anew.
#pragma once

#include <cstdint>

#define FLUX_EXPORT(name) extern "C" __attribute__((export_name(#name), used))
