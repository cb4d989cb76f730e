// What stands in a topic, for whoever checks it from outside: no group, nothing committed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/message/record.h"

namespace quickbite::live {

// Every record from each partition's first to the last that stood there when this was called, by
// partition and offset. Unavailable: no broker answers, or they did not all come within `timeout`.
absl::StatusOr<std::vector<Record>> read_topic(const std::string& bootstrap, Topic topic,
                                               absl::Duration timeout = absl::Seconds(15));

// Writes records as anybody could, whatever their bytes, and waits until the broker has them. The
// records with their offsets.
absl::StatusOr<std::vector<Record>> write_records(const std::string& bootstrap, std::vector<Message> messages);

// Makes those of our four topics that are missing, with so many partitions for the events and one
// for the dead letters; replicated as the broker has it by default. Not on the embedded broker,
// which makes them itself.
absl::Status make_topics(const std::string& bootstrap, int partitions);

}  // namespace quickbite::live
