# flux_embed(OUTPUT FUNCTION HEADER FILES ...): writes OUTPUT, which defines const char* FUNCTION(const char* name), declared in HEADER: the
# text of the file of that name (without folder and ending), or null.
function(flux_embed output function header)
  get_filename_component(header ${header} ABSOLUTE)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${function} -DHEADER=${header} "-DFILES=${ARGN}" -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    VERBATIM)
endfunction()
