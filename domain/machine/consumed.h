// A record under way: what it was polled as, and what is known of it beyond its bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "domain/base/ids.h"
#include "domain/message/handled.h"
#include "domain/port/broker.h"

namespace quickbite {

// What a service makes of an event: an outcome, or the reason why it is a dead letter after all.
struct Ruling {
  Handled handled = Handled::kIgnored;
  std::string_view dead_letter_reason;  // set exactly when kDeadLettered
};

struct Consumed {
  Received received;
  EventId id;                          // under which its outcome is recorded: the event's, or its dead letter's
  EventId letter;                      // of an event: the dead letter that the record may have become, delivered before
  std::optional<std::string> refused;  // the SQLSTATE with which the database refused it, alone
  auto fields() const { return std::tie(received, id, refused); }  // `letter` follows from the record
};

}  // namespace quickbite
