// How a client finds its brokers, and what an operator may tell librdkafka beyond that.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace quickbite::kafka {

// librdkafka's properties by name: security.protocol, ssl.ca.location, sasl.username, … (its
// CONFIGURATION.md).
using Settings = std::map<std::string, std::string>;

// Reads "name=value" entries; the value may hold further '='. InvalidArgument for an entry that is
// none, for a name that comes twice, and for a property that QuickBite's guarantees rest on (acks,
// enable.auto.commit, auto.offset.reset, …) and that is therefore not the operator's.
absl::StatusOr<Settings> parse_settings(const std::vector<std::string>& entries);

// The same from the text of a file: an entry a line, empty lines and lines that begin with '#' are
// skipped. A secret belongs there rather than on a command line, which every user of the machine
// can read.
absl::StatusOr<Settings> parse_settings_text(std::string_view text);

// Takes librdkafka's own log lines, from any of its threads; must not throw. `level` is syslog's: 0
// to 3 are errors, 4 warnings.
using LogSink = std::function<void(int level, std::string_view text)>;

struct ConnectionOptions {
  std::string bootstrap;  // "host:port,host:port"
  std::string client_id;  // what the broker's logs call us
  Settings settings;      // wins over QuickBite's defaults
  LogSink log;            // none: librdkafka is silent
};

}  // namespace quickbite::kafka
