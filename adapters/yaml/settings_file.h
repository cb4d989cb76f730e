// A file of settings: one YAML mapping, each of whose entries is a setting's name and its value.
//
//   # Orders in the shop's kitchen
//   http-port: 8080
//   kafka: [10.0.0.1:9092, 10.0.0.2:9092]   # a list is written with commas between: 10.0.0.1:9092,10.0.0.2:9092
//   kafka-settings:                          # a mapping as NAME=VALUE with commas between
//     security.protocol: SSL
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace quickbite::yaml {

inline constexpr std::size_t kFileBytesMax = 1 << 20;

struct Entry {
  std::string name;   // as written
  std::string value;
  std::string where;  // of the name: "FILE:LINE:COLUMN", both from 1
};

// In the order of the file. InvalidArgument: it cannot be read, is no YAML, or is not such a mapping (a name that comes twice, a
// value that is missing or nested deeper); the message begins with FILE, and with ":LINE:COLUMN" where it is about a place.
absl::StatusOr<std::vector<Entry>> read_settings(const std::string& path);

}  // namespace quickbite::yaml
