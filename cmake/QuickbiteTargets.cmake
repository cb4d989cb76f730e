# The functions by which a folder says what it is.
#
#   quickbite_library(quickbite_order
#     DEPS quickbite_message           what the folder's own code knows; passed on to who uses it
#     PUBLIC_LIBS PkgConfig::pqxx      libraries of other people
#     TEST_DEPS quickbite_port         what only the tests know
#     TEST_TIMEOUT 120                 seconds for one test case
#     TEST_WHOLE                       the executable is one ctest test: its cases share a server that is dear to start
#     TEST_PROPERTIES RUN_SERIAL TRUE) further ctest properties
#
#     takes every *.cc of the folder but *_test.cc, test_*.cc and *_main.cc as a static library (an interface
#     library while there is none), and every *_test.cc as cases of one executable, <target>_test, with
#     test_*.cc as what they share.
#
#   quickbite_test(<target>_test DEPS … SOURCES … DEFINITIONS …)   tests without a library; WHOLE SHARDS 3: as three ctest tests,
#                                                                  side by side, each with a server and a part of the cases
#   quickbite_executable(<target> SOURCES … DEPS …)                a command, in <build>/bin; the target
#                                                                  `programs` builds all of them, and no test
#   quickbite_script_test(<name> SCRIPT x_test.sh COMMAND …)       a test file in another language than C++

add_custom_target(programs)

define_property(GLOBAL PROPERTY QUICKBITE_TEST_SOURCES BRIEF_DOCS "Test files that some target builds")
define_property(GLOBAL PROPERTY QUICKBITE_SCENARIOS BRIEF_DOCS "Scenario files that some test runs")
define_property(GLOBAL PROPERTY QUICKBITE_TARGETS BRIEF_DOCS "Libraries and commands, tests not among them")
define_property(GLOBAL PROPERTY QUICKBITE_PURE_LIBRARIES BRIEF_DOCS "Static libraries of domain and sim")

# The standard headers that nearly every file reads, precompiled once: about 0.6 s of CPU a file with g++ 12. Not in a release
# build, so that a file which forgets to include what it uses does not go unnoticed.
set(QUICKBITE_PRECOMPILE ON)
if(QUICKBITE_PURE_ONLY OR CMAKE_BUILD_TYPE STREQUAL "Release")
  set(QUICKBITE_PRECOMPILE OFF)
endif()
if(QUICKBITE_PRECOMPILE)
  add_library(quickbite_headers OBJECT "${CMAKE_SOURCE_DIR}/cmake/headers.cc")
  target_precompile_headers(quickbite_headers PRIVATE
    <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <set> <string> <string_view> <tuple>
    <utility> <variant> <vector>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(quickbite_headers PUBLIC -fpch-preprocess)
  endif()
endif()

function(quickbite_precompile target)
  if(QUICKBITE_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM quickbite_headers)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${target} PRIVATE -fpch-preprocess)
    endif()
  endif()
endfunction()

if(NOT QUICKBITE_PURE_ONLY)
  include(GoogleTest)
  # gtest and RapidCheck cost 2.4 s a file; precompiled once here, 0.4 s.
  add_library(quickbite_test_headers OBJECT "${CMAKE_SOURCE_DIR}/cmake/test_headers.cc")
  target_link_libraries(quickbite_test_headers PUBLIC GTest::gtest GTest::gmock rapidcheck_gtest)
  target_include_directories(quickbite_test_headers PUBLIC "${CMAKE_SOURCE_DIR}")
  target_precompile_headers(quickbite_test_headers PRIVATE <gtest/gtest.h> <gmock/gmock.h> <rapidcheck/gtest.h>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(quickbite_test_headers PUBLIC -fpch-preprocess)
  endif()
endif()

# What the sanitizers have to be told, in every program of their presets.
if(QUICKBITE_SANITIZE AND NOT QUICKBITE_PURE_ONLY)
  set(folder "${CMAKE_SOURCE_DIR}/proptests/sanitizers")
  if(QUICKBITE_SANITIZE MATCHES "thread")
    add_library(quickbite_sanitizer OBJECT "${folder}/abseil_locks.cc" "${folder}/c_threads.cc" "${folder}/grpc_queues.cc"
                "${folder}/thread_options.cc")
    target_link_libraries(quickbite_sanitizer PUBLIC absl::synchronization absl::time ${CMAKE_DL_LIBS})
    target_include_directories(quickbite_sanitizer PRIVATE "${CMAKE_SOURCE_DIR}")
  else()
    add_library(quickbite_sanitizer OBJECT "${folder}/leak_options.cc")
  endif()
endif()

function(quickbite_sanitize target)
  if(TARGET quickbite_sanitizer)
    target_link_libraries(${target} PRIVATE quickbite_sanitizer)
  endif()
endfunction()

function(quickbite_library target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TEST_WHOLE" "TEST_TIMEOUT" "DEPS;PUBLIC_LIBS;TEST_DEPS;TEST_PROPERTIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${target}: quickbite_library does not know ${arg_UNPARSED_ARGUMENTS}")
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "(_test|/test_[^/]*)\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_(test|main)|/test_[^/]*)\\.cc$")
  if(sources)
    add_library(${target} STATIC ${sources})
    quickbite_precompile(${target})
    set(visibility PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_include_directories(${target} ${visibility} "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${target} ${visibility} ${arg_DEPS} ${arg_PUBLIC_LIBS})
  quickbite_register_target(${target})
  file(RELATIVE_PATH folder "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  if(sources AND folder MATCHES "^(domain|sim)/")
    set_property(GLOBAL APPEND PROPERTY QUICKBITE_PURE_LIBRARIES ${target})
    quickbite_profile(${target})
  endif()

  if(tests AND NOT QUICKBITE_PURE_ONLY)
    set(whole "")
    if(arg_TEST_WHOLE)
      set(whole WHOLE)
    endif()
    quickbite_test(${target}_test SOURCES ${tests} DEPS ${target} ${arg_TEST_DEPS} ${whole}
                   TIMEOUT ${arg_TEST_TIMEOUT} PROPERTIES ${arg_TEST_PROPERTIES})
  endif()
endfunction()

# What a test takes of the machine while it runs, as RESOURCE_GROUPS: servers:1 where it has a whole system or a database, and waits for
# them most of the time; brokers:1 where it does little but wait for a broker; else cores:1. `suite` in ./quickbite says how many of
# each there are.
function(quickbite_test target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "WHOLE" "SHARDS;TIMEOUT" "SOURCES;DEPS;DEFINITIONS;PROPERTIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${target}: quickbite_test does not know ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(arg_SHARDS AND NOT arg_WHOLE)
    message(FATAL_ERROR "${target}: SHARDS are of a WHOLE test")
  endif()
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  list(TRANSFORM arg_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]")
  add_executable(${target} ${arg_SOURCES})
  quickbite_sanitize(${target})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_link_libraries(${target} PRIVATE ${arg_DEPS} GTest::gtest GTest::gmock GTest::gtest_main rapidcheck_gtest)
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS})
  target_precompile_headers(${target} REUSE_FROM quickbite_test_headers)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
  string(REPLACE "quickbite_" "" label "${target}")
  string(REGEX REPLACE "_test$" "" label "${label}")
  if(NOT "RESOURCE_GROUPS" IN_LIST arg_PROPERTIES)
    set(takes cores:1)
    if(arg_WHOLE)
      set(takes servers:1)
    endif()
    list(APPEND arg_PROPERTIES RESOURCE_GROUPS ${takes})
  endif()
  if(arg_WHOLE)
    if(NOT arg_SHARDS)
      set(arg_SHARDS 1)
    endif()
    foreach(shard RANGE 1 ${arg_SHARDS})
      set(name ${label})
      if(arg_SHARDS GREATER 1)
        set(name ${label}.${shard})
      endif()
      math(EXPR index "${shard} - 1")
      add_test(NAME ${name} COMMAND ${target} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
      # The longest begin first, those of a minute with COST 200, so that nobody waits for one at the end.
      set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} COST 100 LABELS ${label}
                           ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${index}" ${arg_PROPERTIES})
    endforeach()
  else()
    gtest_discover_tests(${target} TEST_PREFIX "${label}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                         WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
                         PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS ${label} ${arg_PROPERTIES})
  endif()
  list(FILTER arg_SOURCES INCLUDE REGEX "_test\\.cc$")  # what they share is no test
  set_property(GLOBAL APPEND PROPERTY QUICKBITE_TEST_SOURCES ${arg_SOURCES})
endfunction()

function(quickbite_executable target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;PUBLIC_LIBS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${target}: quickbite_executable does not know ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${target} ${arg_SOURCES})
  quickbite_sanitize(${target})
  target_link_libraries(${target} PRIVATE ${arg_DEPS} ${arg_PUBLIC_LIBS})
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}")
  quickbite_precompile(${target})
  add_dependencies(programs ${target})
  quickbite_register_target(${target})
endfunction()

function(quickbite_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCRIPT;TIMEOUT" "COMMAND;PROPERTIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} RESOURCE_GROUPS cores:1 ${arg_PROPERTIES})
  set_property(GLOBAL APPEND PROPERTY QUICKBITE_TEST_SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/${arg_SCRIPT}")
endfunction()

function(quickbite_register_target target)
  file(RELATIVE_PATH folder "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set_property(GLOBAL APPEND PROPERTY QUICKBITE_TARGETS ${target})
  set_property(GLOBAL PROPERTY QUICKBITE_FOLDER_OF_${target} "${folder}")
endfunction()

# Writes down what the build knows, for the architecture test to compare with what the tree holds.
function(quickbite_write_registers)
  foreach(register IN ITEMS TEST_SOURCES SCENARIOS)
    get_property(paths GLOBAL PROPERTY QUICKBITE_${register})
    list(SORT paths)
    list(JOIN paths "\n" text)
    string(TOLOWER "${register}" name)
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/registered_${name}.txt" CONTENT "${text}\n" @ONLY)
  endforeach()

  # "FOLDER TARGET DEPENDENCY…", a line for each library and command.
  set(text "")
  get_property(targets GLOBAL PROPERTY QUICKBITE_TARGETS)
  foreach(target IN LISTS targets)
    get_property(folder GLOBAL PROPERTY QUICKBITE_FOLDER_OF_${target})
    set(links "")
    foreach(property IN ITEMS LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(value ${target} ${property})
      if(value)
        list(APPEND links ${value})
      endif()
    endforeach()
    list(REMOVE_DUPLICATES links)
    list(JOIN links " " links)
    string(APPEND text "${folder} ${target} ${links}\n")
  endforeach()
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/registered_targets.txt" CONTENT "${text}" @ONLY)
endfunction()
