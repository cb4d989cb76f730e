#include "domain/message/wire.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace quickbite {
namespace {

using namespace std::string_literals;

const OrderId kOrder(*parse_uuid("11111111-2222-5333-8444-555555555555"));
constexpr std::string_view kOrderText = "11111111-2222-5333-8444-555555555555";

std::string id_text(const Happening& what) {
  return to_string(event_id(what).value);
}

OrderCreated created(Lines lines) {
  return {kOrder, UserId("u1"), std::move(lines)};
}
Line line(std::string sku, std::int64_t quantity) {
  return {Sku(std::move(sku)), Quantity(quantity)};
}

// `{"type":"OrderCreated","eventId":…,"orderId":…` and then `rest`.
std::string created_with(std::string_view rest) {
  return "{\"type\":\"OrderCreated\",\"eventId\":\"" + id_text(created({})) + "\",\"orderId\":\"" +
         std::string(kOrderText) + "\"" + std::string(rest);
}

MalformedReason reason(const Decoded& decoded) {
  const auto* malformed = std::get_if<Malformed>(&decoded);
  EXPECT_NE(malformed, nullptr);
  if (malformed == nullptr) return MalformedReason::kEmpty;
  EXPECT_LE(malformed->detail.size(), 200u);
  return malformed->reason;
}

Happening what(const Decoded& decoded) {
  const auto* event = std::get_if<Event>(&decoded);
  EXPECT_NE(event, nullptr);
  if (event == nullptr) {
    if (const auto* malformed = std::get_if<Malformed>(&decoded))
      ADD_FAILURE() << malformed->detail;
    return InventoryReserved{};
  }
  return event->what;
}

TEST(EncodeEvent, OneLineStandsBesideTheItems) {
  EXPECT_EQ(
      encode_event(event_of(created({line("burger", 2)}))).view(),
      created_with(
          R"(,"userId":"u1","sku":"burger","quantity":2,"items":[{"sku":"burger","quantity":2}]})"));
}

TEST(EncodeEvent, SeveralLinesStandInTheItemsAlone) {
  EXPECT_EQ(
      encode_event(event_of(created({line("burger", 2), line("fries", 1)}))).view(),
      created_with(
          R"(,"userId":"u1","items":[{"sku":"burger","quantity":2},{"sku":"fries","quantity":1}]})"));
}

TEST(EncodeEvent, TheOtherEventsCarryTheOrderAndTheReason) {
  const OrderCancelled cancelled{kOrder, CancelReason::kExpired};
  EXPECT_EQ(encode_event(event_of(cancelled)).view(),
            "{\"type\":\"OrderCancelled\",\"eventId\":\"" + id_text(cancelled) +
                "\",\"orderId\":\"" + std::string(kOrderText) + "\",\"reason\":\"EXPIRED\"}");
  const InventoryReserved reserved{kOrder};
  EXPECT_EQ(encode_event(event_of(reserved)).view(),
            "{\"type\":\"InventoryReserved\",\"eventId\":\"" + id_text(reserved) +
                "\",\"orderId\":\"" + std::string(kOrderText) + "\"}");
}

TEST(EncodeEvent, WhatJsonAsksForIsEscaped) {
  OrderCreated event = created({line("burger", 1)});
  event.user = UserId("\"\\/\b\f\n\r\t\x01\x1F\x7F caf\xC3\xA9 \xF0\x9F\x8D\x94");
  const Bytes bytes = encode_event(event_of(event));
  EXPECT_NE(bytes.view().find(R"("\"\\/\u0008\u000c\u000a\u000d\u0009\u0001\u001f)"),
            std::string_view::npos);
  EXPECT_EQ(what(decode_event(bytes.view())), Happening(event));
}

TEST(DecodeEvent, FieldsStandInAnyOrderAmongBlanksAndUnknownOnes) {
  const std::string bytes =
      " { \"items\" : [ { \"quantity\":2, \"colour\":[{}], \"sku\":\"b\\u0075rger\" } ] "
      ",\n\t\"orderId\":\"" +
      std::string(kOrderText) +
      "\", \"future\":{\"sku\":\"x\",\"items\":[1,{\"sku\":null}],\"quantity\":[]}, "
      "\"userId\":\"u1\", "
      "\"price\":1.5e3, \"eventId\":\"" +
      id_text(created({})) + "\",\"type\":\"OrderCreated\"}\r\n";
  EXPECT_EQ(what(decode_event(bytes)), Happening(created({line("burger", 2)})));
}

TEST(DecodeEvent, FieldsOfOtherTypesAreNotLookedAt) {
  const InventoryReserved reserved{kOrder};
  const std::string bytes = "{\"type\":\"InventoryReserved\",\"eventId\":\"" + id_text(reserved) +
                            "\",\"orderId\":\"" + std::string(kOrderText) +
                            "\",\"reason\":7,\"items\":{},\"sku\":null,\"quantity\":[]}";
  EXPECT_EQ(what(decode_event(bytes)), Happening(reserved));
}

TEST(DecodeEvent, IdsAreReadInEitherCase) {
  const InventoryReserved reserved{OrderId(*parse_uuid("aaaaaaaa-bbbb-5ccc-8ddd-eeeeeeeeeeee"))};
  const std::string bytes = "{\"type\":\"InventoryReserved\",\"eventId\":\"" + id_text(reserved) +
                            "\",\"orderId\":\"AAAAAAAA-BBBB-5CCC-8DDD-EEEEEEEEEEEE\"}";
  EXPECT_EQ(what(decode_event(bytes)), Happening(reserved));
}

TEST(DecodeEvent, AnAbsurdQuantityIsAnEventAllTheSame) {
  using Limits = std::numeric_limits<std::int64_t>;
  const auto quantity = [](std::string_view text) {
    const auto event = what(decode_event(created_with(
        ",\"userId\":\"u1\",\"items\":[{\"sku\":\"burger\",\"quantity\":" + std::string(text) +
        "}]}")));
    const auto* read = std::get_if<OrderCreated>(&event);
    return read == nullptr || read->lines.size() != 1 ? 12345 : read->lines[0].quantity.value;
  };
  EXPECT_EQ(quantity("0"), 0);
  EXPECT_EQ(quantity("-0"), 0);
  EXPECT_EQ(quantity("-7"), -7);
  EXPECT_EQ(quantity("9223372036854775807"), Limits::max());
  EXPECT_EQ(quantity("9223372036854775808"), Limits::max());
  EXPECT_EQ(quantity("-9223372036854775808"), Limits::min());
  EXPECT_EQ(quantity("-9223372036854775809"), Limits::min());
  EXPECT_EQ(quantity("999999999999999999"), 999999999999999999);
  EXPECT_EQ(quantity(std::string(308, '9')), Limits::max());
  EXPECT_EQ(quantity(std::string(5000, '9')), Limits::max());
  EXPECT_EQ(quantity("-" + std::string(5000, '9')), Limits::min());
}

TEST(DecodeEvent, ANumberTooLargeForFloatingPointElsewhereDoesNoHarm) {
  const std::string quoted =
      ",\"userId\":\"\\\"1e999\",\"price\":1e999,\"items\":[{\"sku\":\"b\",\"quantity\":2}]}";
  OrderCreated of_quoted = created({line("b", 2)});
  of_quoted.user = UserId("\"1e999");
  EXPECT_EQ(what(decode_event(created_with(quoted))), Happening(of_quoted));
  const std::string big =
      ",\"price\":1e999,\"weight\":-" + std::string(400, '7') + ".5E+99,\"note\":\"\\\"1e999\"";
  EXPECT_EQ(what(decode_event(created_with(
                ",\"userId\":\"u1\",\"items\":[{\"sku\":\"1e999\",\"quantity\":2}]" + big + "}"))),
            Happening(created({line("1e999", 2)})));
  EXPECT_EQ(reason(decode_event(created_with(
                ",\"userId\":\"u1\",\"items\":[{\"sku\":\"b\",\"quantity\":1e999}]}"))),
            MalformedReason::kWrongSchema);
  EXPECT_EQ(reason(decode_event(created_with(",\"price\":" + std::string(400, '7') + "e}"))),
            MalformedReason::kNotJson);
  EXPECT_EQ(reason(decode_event(created_with(",\"price\":1e999,\"weight\":1e5e5}"))),
            MalformedReason::kNotJson);
}

TEST(DecodeEvent, AnUnknownSkuIsAnyTextWithinTheCap) {
  for (const std::string& sku :
       {""s, "no such thing"s, std::string(256, 's'), "\xF0\x9F\x8D\x94"s}) {
    EXPECT_EQ(what(decode_event(encode_event(event_of(created({line(sku, 1)}))).view())),
              Happening(created({line(sku, 1)})));
  }
  EXPECT_EQ(reason(decode_event(
                encode_event(event_of(created({line(std::string(257, 's'), 1)}))).view())),
            MalformedReason::kWrongSchema);
}

TEST(DecodeEvent, AnUnknownTypeIsNotMalformed) {
  const std::string id = "99999999-2222-5333-8444-555555555555";
  const Decoded decoded = decode_event(
      "{\"quantity\":{\"x\":[]},\"type\":\"OrderBaked\",\"eventId\":\"" + id + "\",\"orderId\":5}");
  const auto* unknown = std::get_if<UnknownType>(&decoded);
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->type, "OrderBaked");
  EXPECT_EQ(unknown->id, EventId(*parse_uuid(id)));
}

TEST(DecodeEvent, AnUnknownTypeWithoutAnIdIsMalformed) {
  EXPECT_EQ(reason(decode_event(R"({"type":"OrderBaked"})")), MalformedReason::kWrongSchema);
  EXPECT_EQ(reason(decode_event(R"({"type":"OrderBaked","eventId":"x"})")),
            MalformedReason::kWrongSchema);
  EXPECT_EQ(reason(decode_event("{\"type\":\"" + std::string(65, 't') + "\",\"eventId\":\"" +
                                std::string(kOrderText) + "\"}")),
            MalformedReason::kWrongSchema);
}

TEST(DecodeEvent, NoBytesAreEmptyAndTooManyAreTooLarge) {
  EXPECT_EQ(reason(decode_event("")), MalformedReason::kEmpty);
  std::string bytes(encode_event(event_of(created({line("burger", 2)}))).view());
  bytes.append(kWireBytesMax - bytes.size(), ' ');
  EXPECT_EQ(what(decode_event(bytes)), Happening(created({line("burger", 2)})));
  EXPECT_EQ(reason(decode_event(bytes + " ")), MalformedReason::kTooLarge);
  EXPECT_EQ(reason(decode_event(std::string(1 << 20, 'x'))), MalformedReason::kTooLarge);
}

TEST(DecodeEvent, EveryTruncationIsMalformed) {
  const std::string bytes(
      encode_event(event_of(created({line("burger", 2), line("fries", 1)}))).view());
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_EQ(reason(decode_event(std::string_view(bytes).substr(0, size))),
              MalformedReason::kNotJson)
        << size;
  }
}

TEST(DecodeEvent, WhatIsNotJsonIsSaidToBeSo) {
  const std::string good(encode_event(event_of(created({line("burger", 2)}))).view());
  for (const std::string& bytes : {"not json"s,
                                   " "s,
                                   "{"s,
                                   "}"s,
                                   "nul"s,
                                   good + good,
                                   good + "x",
                                   good + ","s,
                                   good + "\0"s,
                                   good + "\0x"s,
                                   "\0"s,
                                   "\0"s + good,
                                   "\xEF\xBB\xBF"s + good,
                                   "{'type':1}"s,
                                   "{\"a\":01}"s,
                                   "{\"a\":+1}"s,
                                   "{\"a\":.5}"s,
                                   "{\"a\":1.}"s,
                                   "{\"a\":NaN}"s,
                                   "{\"a\":Infinity}"s,
                                   "{\"a\":1,}"s,
                                   "{\"a\" 1}"s,
                                   "{a:1}"s,
                                   "[1,]"s,
                                   "{\"a\":\"\n\"}"s,
                                   "{\"a\":\"\0\"}"s,
                                   "{\"a\":\"\\x\"}"s,
                                   "{\"a\":\"\\u12G4\"}"s,
                                   "{\"a\":1/*c*/}"s,
                                   "// c\n{}"s}) {
    EXPECT_EQ(reason(decode_event(bytes)), MalformedReason::kNotJson) << bytes;
  }
}

TEST(DecodeEvent, WhatIsNotUtf8IsSaidToBeSo) {
  for (const std::string& text :
       {"\xFF"s, "\xC0\x80"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\xC3"s, "\\ud800"s, "\\udc00"s,
        "\\ud800\\u0041"s, "\\udc00\\ud800"s, "\\ud800x"s}) {
    EXPECT_EQ(reason(decode_event(created_with(",\"note\":\"" + text + "\"}"))),
              MalformedReason::kNotUtf8)
        << text;
    EXPECT_EQ(reason(decode_event(created_with(",\"" + text + "\":1}"))), MalformedReason::kNotUtf8)
        << text;
  }
  EXPECT_EQ(reason(decode_event("\xFF")), MalformedReason::kNotUtf8);
}

TEST(DecodeEvent, ASurrogatePairIsOneCharacter) {
  OrderCreated event = created({line("burger", 2)});
  event.user = UserId("\xF0\x9F\x8D\x94");
  EXPECT_EQ(what(decode_event(created_with(
                R"(,"userId":"\ud83c\udf54","items":[{"sku":"burger","quantity":2}]})"))),
            Happening(event));
}

TEST(DecodeEvent, DeepNestingIsRefusedBeforeItCostsAnything) {
  EXPECT_EQ(reason(decode_event(std::string(10'000, '['))), MalformedReason::kTooDeep);
  EXPECT_EQ(reason(decode_event(std::string(200'000, '['))), MalformedReason::kTooDeep);
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(reason(decode_event(objects)), MalformedReason::kTooDeep);
}

TEST(DecodeEvent, NestingUpToTheLimitIsFine) {
  const auto nested = [](std::size_t depth) {
    return created_with(
        ",\"userId\":\"u1\",\"items\":[{\"sku\":\"burger\",\"quantity\":2}],\"x\":" +
        std::string(depth, '[') + std::string(depth, ']') + "}");
  };
  EXPECT_EQ(what(decode_event(nested(kWireDepthMax - 1))), Happening(created({line("burger", 2)})));
  EXPECT_EQ(reason(decode_event(nested(kWireDepthMax))), MalformedReason::kTooDeep);
}

TEST(DecodeEvent, AKeyGivenTwiceIsRefusedAtEveryLevel) {
  const std::string tail = ",\"userId\":\"u1\",\"items\":[{\"sku\":\"burger\",\"quantity\":2}]";
  for (const std::string& twice :
       {",\"userId\":\"u1\""s, ",\"type\":\"OrderCreated\""s, ",\"x\":1,\"x\":1"s,
        ",\"x\":1,\"\\u0078\":2"s, ",\"x\":{\"y\":1,\"y\":1}"s,
        ",\"x\":[{\"y\":[{\"z\":1,\"a\":2,\"z\":3}]}]"s, ",\"\":1,\"\":2"s}) {
    EXPECT_EQ(reason(decode_event(created_with(tail + twice + "}"))),
              MalformedReason::kDuplicateKey)
        << twice;
  }
  EXPECT_EQ(reason(decode_event(created_with(",\"userId\":\"u1\",\"items\":[{\"sku\":\"burger\","
                                             "\"quantity\":2,\"sku\":\"burger\"}]}"))),
            MalformedReason::kDuplicateKey);
  EXPECT_EQ(what(decode_event(created_with(
                tail + ",\"x\":{\"x\":{\"x\":1},\"y\":{\"x\":1}},\"y\":[{\"x\":1},{\"x\":1}]}"))),
            Happening(created({line("burger", 2)})));
}

TEST(DecodeEvent, ManyKeysCostNoMoreThanSorting) {
  std::string bytes = "{";
  for (int i = 0; bytes.size() < kWireBytesMax - 20; ++i)
    bytes += "\"" + std::to_string(i) + "\":0,";
  bytes += "\"x\":0}";
  EXPECT_EQ(reason(decode_event(bytes)), MalformedReason::kWrongSchema);
}

TEST(DecodeEvent, AWrongSchemaIsSaidToBeSo) {
  const std::string items = ",\"items\":[{\"sku\":\"burger\",\"quantity\":2}]";
  const std::string user = ",\"userId\":\"u1\"";
  for (const std::string& bytes :
       {"null"s,
        "true"s,
        "0"s,
        "\"text\""s,
        "[]"s,
        "[{}]"s,
        "{}"s,
        "{\"type\":null}"s,
        "{\"type\":\"OrderCreated\"}"s,
        created_with("}"),
        created_with(user + "}"),
        created_with(items + "}"),
        created_with(user + ",\"items\":[]}"),
        created_with(user + ",\"items\":{}}"),
        created_with(user + ",\"items\":[1]}"),
        created_with(user + ",\"items\":[[]]}"),
        created_with(user + ",\"items\":[{}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"burger\"}]}"),
        created_with(user + ",\"items\":[{\"quantity\":1}]}"),
        created_with(user + ",\"items\":[{\"sku\":1,\"quantity\":1}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":\"1\"}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":1.0}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":1e0}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":{}}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":null}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\\u0000\",\"quantity\":1}]}"),
        created_with(",\"userId\":\"\"" + items + "}"),
        created_with(",\"userId\":\"u\\u0000\"" + items + "}"),
        created_with(",\"userId\":7" + items + "}"),
        created_with(",\"userId\":\"" + std::string(257, 'u') + "\"" + items + "}"),
        created_with(user + items + ",\"sku\":\"burger\"}"),
        created_with(user + items + ",\"quantity\":2}"),
        created_with(user + items + ",\"sku\":null,\"quantity\":2}"),
        created_with(user + items + ",\"sku\":\"burger\",\"quantity\":2.0}"),
        created_with(user + items + ",\"sku\":{},\"quantity\":[]}"),
        created_with(user + ",\"items\":{\"a\":{\"sku\":\"b\",\"quantity\":1}}}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":1},{\"sku\":\"c\"}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":1},{\"quantity\":1}]}"),
        created_with(
            user + ",\"items\":[{\"sku\":\"b\",\"quantity\":1},{\"sku\":[\"c\"],\"quantity\":1}]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":1},2]}"),
        created_with(user + ",\"items\":[{\"sku\":\"b\",\"quantity\":1},[\"c\",1]]}"),
        created_with(user + ",\"items\":[[{\"sku\":\"b\",\"quantity\":1}]]}"),
        created_with(user + ",\"items\":[[{\"sku\":0},\"b\",{\"quantity\":0},1]]}"),
        "[{\"type\":0},\"InventoryReserved\",{\"eventId\":0},\"" +
            id_text(InventoryReserved{kOrder}) + "\",{\"orderId\":0},\"" + std::string(kOrderText) +
            "\"]",
        "{\"type\":\"\",\"eventId\":\"" + std::string(kOrderText) + "\"}",
        "{\"type\":\"InventoryReserved\",\"eventId\":\"" + id_text(InventoryReserved{}) + "\"}"}) {
    EXPECT_EQ(reason(decode_event(bytes)), MalformedReason::kWrongSchema) << bytes;
  }
}

TEST(DecodeEvent, TheLinesOfOneEventAreCapped) {
  const auto with_lines = [](std::size_t count) {
    return encode_event(event_of(created(std::vector<Line>(count, line("b", 1)))));
  };
  EXPECT_EQ(what(decode_event(with_lines(kWireLinesMax).view())),
            Happening(created(std::vector<Line>(kWireLinesMax, line("b", 1)))));
  EXPECT_EQ(reason(decode_event(with_lines(kWireLinesMax + 1).view())),
            MalformedReason::kWrongSchema);
  EXPECT_EQ(reason(decode_event(" " + std::string(with_lines(kWireLinesMax + 1).view()))),
            MalformedReason::kWrongSchema);
}

TEST(DecodeEvent, OneLineAndTheItemsMustAgree) {
  const std::string items = ",\"userId\":\"u1\",\"items\":[{\"sku\":\"burger\",\"quantity\":2}]";
  const std::string two =
      ",\"userId\":\"u1\",\"items\":[{\"sku\":\"burger\",\"quantity\":2},{\"sku\":\"fries\","
      "\"quantity\":1}]";
  EXPECT_EQ(what(decode_event(created_with(items + ",\"sku\":\"burger\",\"quantity\":2}"))),
            Happening(created({line("burger", 2)})));
  EXPECT_EQ(reason(decode_event(created_with(items + ",\"sku\":\"burger\",\"quantity\":3}"))),
            MalformedReason::kDisagreeing);
  EXPECT_EQ(reason(decode_event(created_with(items + ",\"sku\":\"fries\",\"quantity\":2}"))),
            MalformedReason::kDisagreeing);
  EXPECT_EQ(reason(decode_event(created_with(two + ",\"sku\":\"burger\",\"quantity\":2}"))),
            MalformedReason::kDisagreeing);
}

TEST(DecodeEvent, AnIdThatDoesNotFollowFromTheEventIsRefused) {
  Event forged = event_of(InventoryReserved{kOrder});
  forged.id = event_id(InventoryRejected{kOrder});
  EXPECT_EQ(reason(decode_event(encode_event(forged).view())), MalformedReason::kWrongSchema);
  Event cancelled = event_of(OrderCancelled{kOrder, CancelReason::kUnknownOrder});
  cancelled.id = event_id(OrderCancelled{kOrder, CancelReason::kCustomer});
  EXPECT_EQ(reason(decode_event(encode_event(cancelled).view())), MalformedReason::kWrongSchema);
}

TEST(DecodeEvent, OnlyTheKnownReasonsAreReasons) {
  const auto with_reason = [](std::string_view type, const Happening& what,
                              std::string_view reason) {
    return "{\"type\":\"" + std::string(type) + "\",\"eventId\":\"" + id_text(what) +
           "\",\"orderId\":\"" + std::string(kOrderText) + "\"" + std::string(reason) + "}";
  };
  const OrderCancelled cancelled{kOrder, CancelReason::kCustomer};
  EXPECT_EQ(
      what(decode_event(with_reason("OrderCancelled", cancelled, ",\"reason\":\"CUSTOMER\""))),
      Happening(cancelled));
  for (const char* wrong :
       {"", ",\"reason\":\"\"", ",\"reason\":\"customer\"", ",\"reason\":null", ",\"reason\":1"}) {
    EXPECT_EQ(reason(decode_event(with_reason("OrderCancelled", cancelled, wrong))),
              MalformedReason::kWrongSchema)
        << wrong;
    EXPECT_EQ(
        reason(decode_event(with_reason("InventoryRejected", InventoryRejected{kOrder}, wrong))),
        MalformedReason::kWrongSchema);
  }
  EXPECT_EQ(reason(decode_event(with_reason("InventoryRejected", InventoryRejected{kOrder},
                                            ",\"reason\":\"CUSTOMER\""))),
            MalformedReason::kWrongSchema);
}

}  // namespace
}  // namespace quickbite
