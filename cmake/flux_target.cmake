# Warnings and sanitizers for every target of the project; engine parts are built without exceptions and RTTI, as they are for the browser.

function(flux_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
  if(FLUX_WASM)
    # Sizes are 64 bits wide everywhere; Array refuses what 32-bit addresses cannot reach, and what it grants they can.
    target_compile_options(${target} PRIVATE -Wno-shorten-64-to-32)
  endif()
  if(FLUX_SANITIZE)
    # The vptr check compares type information, which parts built without RTTI have none of.
    target_compile_options(${target} PRIVATE -fsanitize=${FLUX_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${FLUX_SANITIZE})
  endif()
endfunction()

# flux_part(NAME SOURCES ... LINK ...): the engine part in this folder, with its own include root.
function(flux_part name)
  cmake_parse_arguments(PART "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(flux_${name} STATIC ${PART_SOURCES})
  target_include_directories(flux_${name} PUBLIC include)
  target_link_libraries(flux_${name} PUBLIC ${PART_LINK} PRIVATE ${PART_PRIVATE_LINK})
  target_compile_options(flux_${name} PRIVATE -fno-exceptions -fno-rtti)
  flux_compile_options(flux_${name})
endfunction()

# flux_precompile(TARGET HEADER ...) or flux_precompile(TARGET REUSE_FROM OTHER): large headers of libraries are parsed once. Not beside
# ccache, which would miss more often than this saves.
function(flux_precompile target)
  if(FLUX_CCACHE OR NOT FLUX_PRECOMPILE)
    return()
  endif()
  if(ARGV1 STREQUAL "REUSE_FROM")
    target_precompile_headers(${target} ${ARGN})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()
