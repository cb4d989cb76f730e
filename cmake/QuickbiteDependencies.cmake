# What the project uses of other people. The Debian packages are listed in ./quickbite.

# The domain's one library: headers only. Only domain/message and domain/api may know it.
find_path(QUICKBITE_RAPIDJSON_DIR rapidjson/document.h REQUIRED)
add_library(quickbite_rapidjson INTERFACE)
if(CMAKE_CROSSCOMPILING)
  # A cross compiler must see RapidJSON without seeing the rest of this machine's headers.
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/rapidjson")
  file(CREATE_LINK "${QUICKBITE_RAPIDJSON_DIR}/rapidjson" "${CMAKE_BINARY_DIR}/rapidjson/rapidjson" SYMBOLIC)
  target_include_directories(quickbite_rapidjson SYSTEM INTERFACE "${CMAKE_BINARY_DIR}/rapidjson")
endif()

if(QUICKBITE_PURE_ONLY)
  return()
endif()

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(rapidcheck CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_library(QUICKBITE_TCMALLOC NAMES libtcmalloc_minimal.a tcmalloc_minimal REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
# Used as PkgConfig::pqxx, PkgConfig::rdkafka, PkgConfig::pistache, PkgConfig::jwt.
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka)
pkg_check_modules(pistache REQUIRED IMPORTED_TARGET libpistache)
# gRPC, its server reflection, and the two programs that make code of a .proto file.
pkg_check_modules(grpc REQUIRED IMPORTED_TARGET grpc++)
find_package(Protobuf REQUIRED)
find_library(QUICKBITE_GRPC_REFLECTION grpc++_reflection REQUIRED)
find_program(QUICKBITE_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
pkg_check_modules(jwt REQUIRED IMPORTED_TARGET libjwt)
# Of prometheus-cpp the core alone: its own package file asks for an HTTP server too.
find_path(QUICKBITE_PROMETHEUS_DIR prometheus/registry.h REQUIRED)
find_library(QUICKBITE_PROMETHEUS prometheus-cpp-core REQUIRED)
