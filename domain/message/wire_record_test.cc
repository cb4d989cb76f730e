#include <gtest/gtest.h>

#include <string>

#include "domain/message/wire.h"

namespace quickbite {
namespace {

const OrderId kOrder(*parse_uuid("11111111-2222-5333-8444-555555555555"));
constexpr std::string_view kOrderText = "11111111-2222-5333-8444-555555555555";

MalformedReason reason(const Decoded& decoded) {
  const auto* malformed = std::get_if<Malformed>(&decoded);
  EXPECT_NE(malformed, nullptr);
  return malformed == nullptr ? MalformedReason::kEmpty : malformed->reason;
}

TEST(DecodeRecord, TheKeyMustBeTheOrdersId) {
  Message message;
  message.value = encode_event(event_of(InventoryReserved{kOrder}));
  EXPECT_EQ(reason(decode_record(message)), MalformedReason::kWrongKey);
  message.key = "another";
  EXPECT_EQ(reason(decode_record(message)), MalformedReason::kWrongKey);
  message.key = "";
  EXPECT_EQ(reason(decode_record(message)), MalformedReason::kWrongKey);
  message.key = std::string(kOrderText);
  EXPECT_EQ(decode_record(message), Decoded(event_of(InventoryReserved{kOrder})));
}

TEST(DecodeRecord, WhatIsWrongWithTheBytesIsToldBeforeTheKey) {
  Message message;
  EXPECT_EQ(reason(decode_record(message)), MalformedReason::kEmpty);
  message.value = Bytes("{");
  EXPECT_EQ(reason(decode_record(message)), MalformedReason::kNotJson);
}

TEST(DecodeRecord, AnUnknownTypeMayHaveAnyKey) {
  Message message;
  message.value =
      Bytes("{\"type\":\"OrderBaked\",\"eventId\":\"" + std::string(kOrderText) + "\"}");
  EXPECT_TRUE(std::holds_alternative<UnknownType>(decode_record(message)));
}

TEST(MalformedReason, HasItsWords) {
  EXPECT_EQ(to_string(MalformedReason::kEmpty), "EMPTY");
  EXPECT_EQ(to_string(MalformedReason::kWrongKey), "WRONG_KEY");
}

}  // namespace
}  // namespace quickbite
