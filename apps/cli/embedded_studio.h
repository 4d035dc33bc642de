// The built studio inside this program.
#pragma once

#include <string_view>

namespace flux::cli {

// A tar archive of its files, made by script/studio; empty when the program was built without it.
std::string_view embedded_studio();

}  // namespace flux::cli
