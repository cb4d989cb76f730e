// What the two decoders of the wire read, and the one place where it is judged. Private to
// domain/message.
//
// A field of the wrong type is remembered, not refused at once: it may belong to a type that this
// version does not know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/message/line.h"
#include "domain/message/wire.h"

namespace quickbite::wire {

enum class State : std::uint8_t { kAbsent, kWrong, kRight };

template <class T>
struct Field {
  State state = State::kAbsent;
  T value{};

  void set(T v) {
    value = std::move(v);
    state = State::kRight;
  }
  void refuse() { state = State::kWrong; }
};

struct Fields {
  Field<std::string> type;
  Field<Uuid> event_id;
  Field<Uuid> order_id;
  Field<std::string> user_id;
  Field<std::string> sku;
  Field<std::int64_t> quantity;
  Field<std::vector<Line>> items;
  Field<std::string> reason;
};

// The fields of bytes that are exactly as `encode_event` writes them, in plain ASCII; nullopt says
// nothing of any others.
std::optional<Fields> read_canonical(std::string_view bytes);

// What the parser says; where `read_canonical` reads the bytes too, `judge` of its fields is the
// same.
Decoded decode_json(std::string_view bytes);

// The event that the fields tell of, or why they tell of none.
Decoded judge(Fields&& fields);

}  // namespace quickbite::wire
