# Warnings and sanitizers for every target of the project; engine parts are built without exceptions and RTTI, as they are for the browser.

function(flux_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
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
