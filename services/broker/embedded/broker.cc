#include "services/broker/embedded/broker.h"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "domain/base/uuid.h"

namespace quickbite::broker {
namespace {

constexpr int kRttMsMax = 60'000;
constexpr int kErrorsMax = 100'000;

// A random UUID (RFC 9562 section 5.4).
absl::StatusOr<std::string> new_incarnation() {
  Uuid uuid;
  if (::getrandom(&uuid, sizeof(uuid), 0) != sizeof(uuid))
    return absl::ErrnoToStatus(errno, "getrandom");
  uuid.high = (uuid.high & ~0xf000ULL) | 0x4000ULL;
  uuid.low = (uuid.low & ~(3ULL << 62)) | (2ULL << 62);
  return to_string(uuid);
}

std::string json_string(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      absl::StrAppendFormat(&json, "\\u%04x", byte);
    } else {
      if (c == '"' || c == '\\') json += '\\';
      json += c;
    }
  }
  return json + '"';
}

absl::StatusOr<int> parse_count(const std::string& word, int max) {
  int count = 0;
  if (!absl::SimpleAtoi(word, &count) || count < 0 || count > max) {
    return absl::InvalidArgumentError(absl::StrCat("'", word, "' is not a number from 0 to ", max));
  }
  return count;
}

}  // namespace

Broker::Broker(Options options, std::string incarnation, std::unique_ptr<Cluster> cluster)
    : options_(std::move(options)),
      incarnation_(std::move(incarnation)),
      cluster_(std::move(cluster)) {}

absl::StatusOr<std::unique_ptr<Broker>> Broker::start(Options options) {
  absl::StatusOr<std::string> incarnation = new_incarnation();
  if (!incarnation.ok()) return incarnation.status();
  std::vector<TopicSpec> topics = options.topics;
  topics.push_back({absl::StrCat(std::string(kIncarnationTopicPrefix), *incarnation), 1});
  absl::StatusOr<std::unique_ptr<Cluster>> cluster = Cluster::start(options.port, topics);
  if (!cluster.ok()) return cluster.status();
  std::unique_ptr<Broker> broker(
      new Broker(std::move(options), *std::move(incarnation), *std::move(cluster)));
  if (absl::Status written = broker->write_status_file(); !written.ok()) return written;
  return broker;
}

std::string Broker::bootstrap() const {
  return absl::StrCat("127.0.0.1:", cluster_->port());
}

std::string Broker::ready_line() const {
  return absl::StrCat("quickbite-broker ready bootstrap=", bootstrap(), " port=", cluster_->port(),
                      " pid=", ::getpid(), " incarnation=", incarnation_);
}

std::string Broker::status_json() const {
  std::string topics;
  for (const TopicSpec& topic : cluster_->topics()) {
    absl::StrAppend(&topics, topics.empty() ? "" : ",", "{\"name\":", json_string(topic.name),
                    ",\"partitions\":", topic.partitions, "}");
  }
  return absl::StrCat(
      "{\"state\":", cluster_->up() ? "\"up\"" : "\"down\"", ",\"pid\":", ::getpid(),
      ",\"port\":", cluster_->port(), ",\"bootstrap\":", json_string(bootstrap()),
      ",\"incarnation\":", json_string(incarnation_),
      ",\"control\":", json_string(options_.control_path), ",\"topics\":[", topics, "]}");
}

// Written beside and renamed, so that a reader finds a whole one or none.
absl::Status Broker::write_status_file() const {
  const std::string& path = options_.status_path;
  if (path.empty()) return absl::OkStatus();
  const std::string beside = absl::StrCat(path, ".new");
  std::ofstream file(beside, std::ios::trunc);
  file << status_json() << '\n';
  file.close();
  if (!file || std::rename(beside.c_str(), path.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot write the status file ", path));
  }
  return absl::OkStatus();
}

std::string Broker::obey(std::string_view line) {
  const std::vector<std::string> words = absl::StrSplit(
      absl::StripAsciiWhitespace({line.data(), line.size()}), ' ', absl::SkipEmpty());
  absl::StatusOr<std::string> reply = perform(words);
  if (!reply.ok()) return absl::StrCat("error: ", reply.status().message());
  return *std::move(reply);
}

absl::StatusOr<std::string> Broker::perform(const std::vector<std::string>& words) {
  const std::string verb = words.empty() ? "" : words[0];
  absl::Status done;
  if (verb == "status" && words.size() == 1) return status_json();
  if ((verb == "down" || verb == "up") && words.size() == 1) {
    done = cluster_->set_up(verb == "up");
  } else if (verb == "rtt" && words.size() == 2) {
    const absl::StatusOr<int> milliseconds = parse_count(words[1], kRttMsMax);
    done = milliseconds.ok() ? cluster_->set_rtt(*milliseconds) : milliseconds.status();
  } else if (verb == "errors" && (words.size() == 3 || words.size() == 4)) {
    const absl::StatusOr<int> count = parse_count(words[2], kErrorsMax);
    const std::string error = words.size() == 4 ? words[3] : "REQUEST_TIMED_OUT";
    done = count.ok() ? cluster_->inject_errors(words[1], *count, error) : count.status();
  } else if (verb == "topic" && words.size() == 2) {
    const absl::StatusOr<std::vector<TopicSpec>> topics = parse_topics(words[1]);
    done = topics.status();
    if (topics.ok() && topics->size() != 1) done = absl::InvalidArgumentError("expected one topic");
    if (done.ok()) done = cluster_->create_topic(topics->front());
  } else {
    return absl::InvalidArgumentError(
        "expected status, down, up, rtt MS, errors REQUEST N [NAME], or topic NAME:PARTITIONS");
  }
  if (done.ok()) done = write_status_file();
  if (!done.ok()) return done;
  return "ok";
}

}  // namespace quickbite::broker
