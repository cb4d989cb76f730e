// Broker: the embedded broker as its users see it: a cluster, an incarnation, a status, and the
// commands of services/broker/control.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/broker/embedded/cluster.h"

namespace quickbite::broker {

// The topic by which a client learns the incarnation: its name is this prefix and the id. A mock
// cluster's own id is the address of a heap block, which the next process may get again.
inline constexpr std::string_view kIncarnationTopicPrefix = "quickbite.incarnation.";

class Broker {
 public:
  struct Options {
    std::uint16_t port = 0;  // 0: any
    std::vector<TopicSpec> topics;
    std::string control_path;  // for the status only
    std::string status_path;   // "": no status file
  };

  // Listens, creates the topics, and writes the status file, which stays. AlreadyExists: the port
  // is taken.
  static absl::StatusOr<std::unique_ptr<Broker>> start(Options options);

  // The one line that tells a launcher that the broker serves, as key=value words.
  std::string ready_line() const;

  // {"state":"up"|"down","pid":…,"port":…,"bootstrap":"127.0.0.1:…","incarnation":"…","control":"…",
  //  "topics":[{"name":"…","partitions":…},…]}
  std::string status_json() const;

  // Obeys one command line: "ok", the status, or "error: " and why. See services/broker/control.h.
  std::string obey(std::string_view line);

 private:
  Broker(Options options, std::string incarnation, std::unique_ptr<Cluster> cluster);
  absl::StatusOr<std::string> perform(const std::vector<std::string>& words);
  absl::Status write_status_file() const;
  std::string bootstrap() const;

  Options options_;
  std::string incarnation_;
  std::unique_ptr<Cluster> cluster_;
};

}  // namespace quickbite::broker
