# The engine for browsers and Node, by Debian's clang-19 with lld-19, libc++-19-dev-wasm32, libclang-rt-19-dev-wasm32, wasi-libc and binaryen.
set(FLUX_WASM ON)
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER clang-19)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)

# 128-bit vectors are in every browser since 2023; exceptions are in none of the engine's parts.
set(CMAKE_CXX_FLAGS_INIT "-msimd128 -mbulk-memory -mnontrapping-fptoint -fno-exceptions -fno-rtti -flto=thin")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-mexec-model=reactor")

# Archives of bitcode: GNU ar cannot index them, and wasm-ld needs no index.
set(CMAKE_CXX_ARCHIVE_CREATE "<CMAKE_AR> qcS <TARGET> <OBJECTS>")
set(CMAKE_CXX_ARCHIVE_APPEND "<CMAKE_AR> qS <TARGET> <OBJECTS>")
set(CMAKE_CXX_ARCHIVE_FINISH "")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
