// Trace: which distributed trace something belongs to (W3C Trace Context, https://www.w3.org/TR/trace-context/), as data.
//
// A trace comes in at the edge, with a request's `traceparent` header, or begins there; from then on it goes with what it caused:
// command → outbox row → Kafka header → the other service's rows. Span ids are derived from event ids, so that the same event has
// the same traceparent whenever, wherever and however often it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "domain/base/ids.h"
#include "domain/base/uuid.h"
#include "domain/message/record.h"

namespace quickbite {

inline constexpr std::string_view kTraceHeader = "traceparent";

struct Trace {
  Uuid id;                 // never nil
  std::uint64_t span = 0;  // of whoever caused what follows; never 0
  std::uint8_t flags = 1;  // bit 0: sampled

  auto fields() const { return std::tie(id, span, flags); }
  friend bool operator==(const Trace&, const Trace&) = default;
};

// Section 3.2: version 00, or what a later version has in the same places. Anything else is no trace, and no reason to refuse.
std::optional<Trace> parse_trace(std::string_view traceparent);
// Of the one header of that name; nothing where there are two.
std::optional<Trace> trace_in(const Headers& headers);

// "00-<32 hex digits>-<16 hex digits>-<2 hex digits>".
std::string to_traceparent(const Trace& trace);
std::string trace_id_text(const Trace& trace);  // the 32 digits, as tools ask for it

// A trace that nobody has begun: of the order, whose id is the trace's.
Trace trace_of_order(const OrderId& order);

// The same trace, as its event `event` hands it on.
Trace trace_at(const Trace& trace, const EventId& event);

}  // namespace quickbite
