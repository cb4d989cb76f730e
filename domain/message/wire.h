// The wire: bytes ⇄ event. What cannot be decoded is a value that says why; nothing here throws or crashes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "domain/base/bytes.h"
#include "domain/message/event.h"
#include "domain/message/record.h"

namespace quickbite {

inline constexpr std::size_t kWireBytesMax = 256 * 1024;  // a larger value is Malformed(kTooLarge)
inline constexpr std::size_t kWireDepthMax = 16;
inline constexpr std::size_t kWireLinesMax = 1000;  // of one OrderCreated, before summing
inline constexpr std::size_t kWireTextBytesMax = 256;  // of a userId or a SKU
inline constexpr std::size_t kWireTypeBytesMax = 64;

// Why bytes are no event; the word stands in the dead letter's `reason` header.
enum class MalformedReason : std::uint8_t {
  kEmpty,
  kTooLarge,
  kNotUtf8,
  kNotJson,       // truncated, not JSON, trailing bytes
  kTooDeep,
  kDuplicateKey,
  kWrongSchema,   // a field is missing, of the wrong type or out of range, or the derived id does not match
  kDisagreeing,   // `sku`/`quantity` and `items` say different things
  kWrongKey,      // the record's key is not the order id (or is null)
};

std::string_view to_string(MalformedReason reason);  // EMPTY, TOO_LARGE, NOT_UTF8, NOT_JSON, …

struct Malformed {
  MalformedReason reason = MalformedReason::kEmpty;
  std::string detail;  // for a person: which field, which byte; at most 200 bytes

  auto fields() const { return std::tie(reason, detail); }
  friend bool operator==(const Malformed&, const Malformed&) = default;
};

// A well-formed envelope whose type this version does not know: recorded as ignored, never a dead letter (S15).
struct UnknownType {
  EventId id;
  std::string type;

  auto fields() const { return std::tie(id, type); }
  friend bool operator==(const UnknownType&, const UnknownType&) = default;
};

using Decoded = std::variant<Event, UnknownType, Malformed>;

// One JSON object. `{"type":"OrderCreated","eventId":…,"orderId":…,"userId":…,"sku":…,"quantity":…,"items":[…]}`; `sku` and
// `quantity` for a one-line order only. Unknown fields are ignored by the decoder. Equal events give equal bytes.
Bytes encode_event(const Event& event);

// Total. Iterative parsing, UTF-8 validated, duplicate keys refused, depth and size capped.
// A quantity is any integer: one beyond 64 bits is the greatest or least of them, absurd but no reason to refuse the event.
// No string that is read holds U+0000, which PostgreSQL cannot keep.
Decoded decode_event(std::string_view bytes);

// decode_event of the message's value; Malformed(kWrongKey) where its key is not the text of the event's order id.
Decoded decode_record(const Message& message);

}  // namespace quickbite
