// The control channel of a running embedded broker: how tests and `quickbite up` take it down and
// up without losing its log, and ask how it is.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace quickbite::broker {

// Sends one command line to the broker whose Unix-domain socket is `path` and returns its one-line
// reply, without the newline. The commands, each answered once it has taken effect:
//
//   status                   {"state":"up",…}: the JSON object of --status-file
//   down                     every connection is closed and new ones are refused; the log and the
//   groups stay up                       connections are accepted again rtt MS every answer is held
//   back by so many milliseconds (0 ends that) errors REQUEST N [NAME]  the next N requests of a
//   kind (produce, fetch, metadata, …) fail with a Kafka error, by
//                            its name in librdkafka (REQUEST_TIMED_OUT unless given); N = 0 clears
//                            those pending
//   topic NAME:PARTITIONS    creates a topic
//
// `down` and `up` are idempotent. Clients see an outage of the network: an answer under way is
// lost, although its request has taken effect.
//
// Unavailable: nobody listens at `path`. DeadlineExceeded: no reply within `timeout`; the command
// may have taken effect. InvalidArgument: the broker refused the command; the message is its own.
absl::StatusOr<std::string> broker_control(const std::string& path, std::string_view command,
                                           absl::Duration timeout = absl::Seconds(5));

}  // namespace quickbite::broker
