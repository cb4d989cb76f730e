#include "adapters/kafka/connection.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace quickbite::kafka {
namespace {

// What QuickBite's guarantees rest on, or what its own options say, with librdkafka's aliases.
constexpr std::array<std::string_view, 21> kOurs{"bootstrap.servers",
                                                 "metadata.broker.list",
                                                 "client.id",
                                                 "group.id",
                                                 "group.instance.id",
                                                 "session.timeout.ms",
                                                 "enable.auto.commit",
                                                 "auto.commit.enable",
                                                 "enable.auto.offset.store",
                                                 "auto.offset.reset",
                                                 "enable.partition.eof",
                                                 "partition.assignment.strategy",
                                                 "enable.idempotence",
                                                 "acks",
                                                 "request.required.acks",
                                                 "max.in.flight",
                                                 "max.in.flight.requests.per.connection",
                                                 "message.timeout.ms",
                                                 "delivery.timeout.ms",
                                                 "transactional.id",
                                                 "plugin.library.paths"};

absl::Status add_setting(std::string_view entry, Settings& settings) {
  const std::size_t equals = entry.find('=');
  const std::string name(
      absl::StripAsciiWhitespace(std::string(entry.substr(0, std::min(equals, entry.size())))));
  if (name.empty() || equals == std::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Kafka setting '", name, "': expected NAME=VALUE, as in security.protocol=ssl"));
  }
  if (std::find(kOurs.begin(), kOurs.end(), name) != kOurs.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Kafka setting '", name, "' is QuickBite's own and cannot be set"));
  }
  const std::string value(absl::StripAsciiWhitespace(std::string(entry.substr(equals + 1))));
  if (!settings.emplace(name, value).second) {
    return absl::InvalidArgumentError(absl::StrCat("Kafka setting '", name, "' comes twice"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Settings> parse_settings(const std::vector<std::string>& entries) {
  Settings settings;
  for (const std::string& entry : entries) {
    if (absl::Status added = add_setting(entry, settings); !added.ok()) return added;
  }
  return settings;
}

absl::StatusOr<Settings> parse_settings_text(std::string_view text) {
  std::vector<std::string> entries;
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    const absl::string_view entry = absl::StripAsciiWhitespace(line);
    if (!entry.empty() && entry[0] != '#') entries.emplace_back(entry);
  }
  return parse_settings(entries);
}

}  // namespace quickbite::kafka
