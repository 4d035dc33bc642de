#include "embedded_studio.h"

// The assembler copies the archive in: no compiler has to read megabytes of numbers.
#if defined(__APPLE__)
#define FLUX_SYMBOL(name) "_" name
#define FLUX_SECTION ".const_data\n"
#else
#define FLUX_SYMBOL(name) name
#define FLUX_SECTION ".section .rodata\n"
#endif

__asm__(FLUX_SECTION
        ".globl " FLUX_SYMBOL("flux_studio_begin") "\n"
        ".globl " FLUX_SYMBOL("flux_studio_end") "\n"
        FLUX_SYMBOL("flux_studio_begin") ":\n"
        ".incbin \"" FLUX_STUDIO_ARCHIVE "\"\n"
        FLUX_SYMBOL("flux_studio_end") ":\n"
        ".byte 0\n"
        ".text\n");

extern "C" {
extern const char flux_studio_begin[];
extern const char flux_studio_end[];
}

namespace flux::cli {

std::string_view embedded_studio() { return {flux_studio_begin, static_cast<std::size_t>(flux_studio_end - flux_studio_begin)}; }

}  // namespace flux::cli
