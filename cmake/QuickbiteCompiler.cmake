# How every file of the project is compiled and linked.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# RelWithDebInfo is the developer's build: quick to compile, with every assertion on.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1 -DNDEBUG")

# A warning is an error only with the compilers that CI builds with: a newer compiler's new warning
# must not keep anybody from building.
set(QUICKBITE_COMPILER_KNOWN OFF)
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
   OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15))
  set(QUICKBITE_COMPILER_KNOWN ON)
endif()
option(QUICKBITE_WERROR "Warnings are errors" ${QUICKBITE_COMPILER_KNOWN})
set(QUICKBITE_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")

# -funsigned-char: char has the same sign on every architecture, as equal trace hashes need.
add_compile_options(-Wall -Wextra -funsigned-char -fno-omit-frame-pointer -fdiagnostics-color=auto)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees these two where there is nothing, in every variant and string concatenation (GCC bugs 105562
  # and 105329); clang and the sanitizers keep watch.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
  # Below half a gigabyte a compilation does not tidy up after itself: that alone is 8 % of the time of a large file.
  add_compile_options(--param=ggc-min-heapsize=524288)
endif()
if(QUICKBITE_WERROR)
  add_compile_options(-Werror)
endif()
if(QUICKBITE_SANITIZE)
  add_compile_options(-fsanitize=${QUICKBITE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${QUICKBITE_SANITIZE})
  if(QUICKBITE_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(QUICKBITE_IGNORELIST "${CMAKE_SOURCE_DIR}/proptests/sanitizers/undefined_ignored.txt")
    add_compile_options("-fsanitize-ignorelist=${QUICKBITE_IGNORELIST}")
  endif()
endif()

# By a profile, and across files: domain and sim, which a simulation is made of. `train` counts what runs, `use` compiles by the counts
# that stand beside the objects. The numbers are in docs/performance.md.
set(QUICKBITE_PROFILE "" CACHE STRING "With g++: train, then use; empty: neither")
if(QUICKBITE_PROFILE AND NOT (CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND QUICKBITE_PROFILE MATCHES "^(train|use)$"))
  message(FATAL_ERROR "QUICKBITE_PROFILE is for g++, and train or use; not ${QUICKBITE_PROFILE}")
endif()
function(quickbite_profile target)
  if(QUICKBITE_PROFILE STREQUAL "train")
    target_compile_options(${target} PRIVATE -fprofile-generate)
    target_link_options(${target} PUBLIC -fprofile-generate)
  elseif(QUICKBITE_PROFILE STREQUAL "use")
    target_compile_options(${target} PRIVATE -fprofile-use -Wno-missing-profile -Wno-coverage-mismatch)
    set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
  endif()
endfunction()

find_program(QUICKBITE_CCACHE ccache)
if(QUICKBITE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache's manual asks for with precompiled headers; the base directory and the prefix map let two clones
  # share what they compile. It does not look into an ignorelist by itself.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "CCACHE_EXTRAFILES=${QUICKBITE_IGNORELIST}" "${QUICKBITE_CCACHE}")
endif()

find_program(QUICKBITE_MOLD mold)
# Not for what is optimised across files: mold 1.10 then leaves out members of libraries that only ordinary objects ask for.
if(QUICKBITE_MOLD AND NOT CMAKE_CROSSCOMPILING AND NOT QUICKBITE_PROFILE STREQUAL "use")
  add_link_options(-fuse-ld=mold)
endif()
