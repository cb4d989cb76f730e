// Codec: what the bytes of a run mean: records to the consumers, requests to the API. A runner owns one for all of its runs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "domain/base/bytes.h"
#include "sim/model/topic.h"
#include "sim/plan/plan.h"
#include "sim/world/config.h"
#include "sim/world/memo.h"

namespace quickbite::sim {

// Pure functions of what they are given, so that it is part of no world whether they remember.
class Codec : public Decoder {
 public:
  // The POST of an order, made, routed and parsed.
  virtual std::shared_ptr<const Asked> place(const PlaceAct& act) = 0;
};

// Remembers by full content: two equal messages are decoded once, two equal acts routed once. Not for two threads.
class MemoDecoder final : public Codec {
 public:
  std::shared_ptr<const Decoded> decode(const Message& message) override;
  std::shared_ptr<const Asked> place(const PlaceAct& act) override;

 private:
  struct Read {
    Bytes value;
    std::optional<std::string> key;
  };
  Memo<Read, Decoded> decoded_;
  Memo<PlaceAct, Asked> placed_;
};

// Does it all every time, for the runs that check the one above.
class PlainDecoder final : public Codec {
 public:
  std::shared_ptr<const Decoded> decode(const Message& message) override;
  std::shared_ptr<const Asked> place(const PlaceAct& act) override;
};

// The id that the order of an act has.
OrderId order_of(const PlaceAct& act);

// The trace that an act's POST comes with: one act in so many has one, so that both kinds meet everywhere.
inline constexpr std::uint64_t kTracedOneIn = 4;
std::optional<Trace> trace_of(const PlaceAct& act);

}  // namespace quickbite::sim
