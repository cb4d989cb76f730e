// The wire against generated events and bytes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "domain/base/utf8.h"
#include "domain/message/wire.h"
#include "domain/message/wire_fields.h"

namespace quickbite {
namespace {

// Characters that JSON, UTF-8 and the quick decoder each treat apart.
rc::Gen<std::string> text(std::size_t bytes_min) {
  const auto character = rc::gen::weightedElement<std::string>({{20, "a"},
                                                                {10, "Z"},
                                                                {5, "0"},
                                                                {3, "-"},
                                                                {2, " "},
                                                                {1, "\""},
                                                                {1, "\\"},
                                                                {1, "/"},
                                                                {1, "\n"},
                                                                {1, "\x01"},
                                                                {1, "\x1F"},
                                                                {1, "\x7F"},
                                                                {1, "\xC3\xA9"},
                                                                {1, "\xE2\x82\xAC"},
                                                                {1, "\xF0\x9F\x8D\x94"},
                                                                {1, "\\u0041"}});
  return rc::gen::suchThat(rc::gen::map(rc::gen::container<std::vector<std::string>>(character),
                                        [](const std::vector<std::string>& characters) {
                                          std::string all;
                                          for (const auto& each : characters) all += each;
                                          return all;
                                        }),
                           [=](const std::string& all) {
                             return all.size() >= bytes_min && all.size() <= kWireTextBytesMax;
                           });
}

rc::Gen<OrderId> order() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::arbitrary<std::uint64_t>(), rc::gen::arbitrary<std::uint64_t>()),
      [](const auto& halves) {
        return OrderId(Uuid{halves.first, halves.second});
      });
}

rc::Gen<Lines> lines() {
  const auto line = rc::gen::map(rc::gen::pair(text(0), rc::gen::arbitrary<std::int64_t>()),
                                 [](const auto& pair) {
                                   return Line{Sku(pair.first), Quantity(pair.second)};
                                 });
  return rc::gen::map(rc::gen::nonEmpty(rc::gen::container<std::vector<Line>>(line)),
                      [](std::vector<Line> all) { return Lines(std::move(all)); });
}

rc::Gen<Happening> happening() {
  return rc::gen::oneOf(
      rc::gen::map(rc::gen::tuple(order(), text(1), lines()),
                   [](const auto& t) -> Happening {
                     return OrderCreated{std::get<0>(t), UserId(std::get<1>(t)), std::get<2>(t)};
                   }),
      rc::gen::map(rc::gen::pair(order(), rc::gen::element(
                                              CancelReason::kCustomer, CancelReason::kExpired,
                                              CancelReason::kOutOfStock, CancelReason::kUnknownSku,
                                              CancelReason::kUnknownOrder)),
                   [](const auto& t) -> Happening {
                     return OrderCancelled{t.first, t.second};
                   }),
      rc::gen::map(order(), [](const OrderId& id) -> Happening { return InventoryReserved{id}; }),
      rc::gen::map(rc::gen::pair(order(), rc::gen::element(RejectReason::kOutOfStock,
                                                           RejectReason::kUnknownSku)),
                   [](const auto& t) -> Happening {
                     return InventoryRejected{t.first, t.second};
                   }));
}

std::string encoded(const Happening& what) {
  return std::string(encode_event(event_of(what)).view());
}

// One to three small changes: a byte replaced, removed, put in, a piece doubled, the end cut off.
std::string mutated(std::string bytes) {
  const auto changes = *rc::gen::inRange(1, 4);
  for (int i = 0; i < changes && !bytes.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    const auto byte = static_cast<char>(*rc::gen::oneOf(
        rc::gen::inRange(0, 256),
        rc::gen::cast<int>(rc::gen::elementOf(std::string("\"\\{}[],:0123456789-.eE nu\0", 26)))));
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        bytes[at] = byte;
        break;
      case 1:
        bytes.erase(at, 1);
        break;
      case 2:
        bytes.insert(at, 1, byte);
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, *rc::gen::inRange<std::size_t>(1, 40)));
        break;
      default:
        bytes.resize(at);
    }
  }
  return bytes;
}

// Whatever comes out is one of the three answers, fit to be stored and shown.
void check_answer(const Decoded& decoded) {
  if (const auto* malformed = std::get_if<Malformed>(&decoded)) {
    RC_ASSERT(malformed->detail.size() <= 200u);
    RC_ASSERT(is_utf8(malformed->detail));
  } else if (const auto* unknown = std::get_if<UnknownType>(&decoded)) {
    RC_ASSERT(unknown->type.find('\0') == std::string::npos);
    RC_ASSERT(!unknown->type.empty() && unknown->type.size() <= kWireTypeBytesMax);
  } else {
    const Event& event = std::get<Event>(decoded);
    RC_ASSERT(event.id == event_id(event.what));
    RC_ASSERT(is_utf8(encode_event(event).view()));
    RC_ASSERT(encode_event(event).view().find('\0') == std::string_view::npos);
  }
}

// The quick decoder says the same as the parser, or nothing.
void check_decoders_agree(std::string_view bytes) {
  auto fields = wire::read_canonical(bytes);
  if (fields) RC_ASSERT(wire::judge(std::move(*fields)) == wire::decode_json(bytes));
}

RC_GTEST_PROP(Wire, EveryEventRoundTrips, ()) {
  const Happening what = *happening();
  const Decoded expected = event_of(what);
  RC_ASSERT(decode_event(encoded(what)) == expected);
  RC_ASSERT(wire::decode_json(encoded(what)) == expected);
}

RC_GTEST_PROP(Wire, EqualEventsGiveEqualBytes, ()) {
  const Happening a = *happening();
  const Happening b = *happening();
  RC_ASSERT((encoded(a) == encoded(b)) == (a == b));
}

RC_GTEST_PROP(Wire, MutatedEventsAreJudgedAndTheDecodersAgree, ()) {
  const std::string bytes = mutated(encoded(*happening()));
  check_answer(decode_event(bytes));
  check_decoders_agree(bytes);
}

RC_GTEST_PROP(Wire, RandomBytesAreMalformed, (std::string bytes)) {
  RC_ASSERT(std::holds_alternative<Malformed>(decode_event(bytes)));
}

RC_GTEST_PROP(Wire, RandomJsonTokensAreJudged, ()) {
  const auto tokens = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "{", "}", "[", "]", ",", ":", "\"type\"", "\"items\"", "\"sku\"", "\"quantity\"",
      "\"InventoryReserved\"", "\"\\ud800\"", "1", "-5", "1.5", "1e999", "null", "true", "false",
      " "));
  std::string bytes;
  for (const auto& token : tokens) bytes += token;
  check_answer(decode_event(bytes));
}

TEST(Wire, TheQuickDecoderReadsPlainEvents) {
  const OrderId id(Uuid{1, 2});
  const Lines two = {{Sku("burger"), Quantity(2)}, {Sku("fries"), Quantity(-1)}};
  for (const Happening& what :
       {Happening(OrderCreated{id, UserId("u1"), two}),
        Happening(OrderCreated{id, UserId("u1"), {two[0]}}),
        Happening(OrderCancelled{id, CancelReason::kCustomer}), Happening(InventoryReserved{id}),
        Happening(InventoryRejected{id, RejectReason::kUnknownSku})}) {
    EXPECT_TRUE(wire::read_canonical(encoded(what)));
  }
}

// Every byte in every place of an event: the quick decoder must not be more generous anywhere.
TEST(Wire, NoSingleByteMakesTheDecodersDisagree) {
  const OrderCreated what{OrderId(Uuid{1, 2}), UserId("u1"), {{Sku("burger"), Quantity(-12)}}};
  const std::string good = encoded(what);
  for (std::size_t at = 0; at <= good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string replaced = good;
      if (at < good.size()) replaced[at] = static_cast<char>(byte);
      std::string extended = good;
      extended.insert(at, 1, static_cast<char>(byte));
      for (const std::string& bytes : {replaced, extended}) {
        auto fields = wire::read_canonical(bytes);
        if (!fields) continue;
        ASSERT_EQ(wire::judge(std::move(*fields)), wire::decode_json(bytes)) << at << ' ' << byte;
      }
    }
  }
}

TEST(Wire, TheQuickDecoderLeavesUnusualNumbersToTheParser) {
  const std::string good = encoded(OrderCreated{
      OrderId(Uuid{1, 2}), UserId("u1"), {{Sku("b"), Quantity(7)}, {Sku("c"), Quantity(7)}}});
  const std::size_t at = good.find("7}");
  for (const char* number : {"-0", "00", "07", "-07", "-", "+7", "7.0", "7e0",
                             "9223372036854775808", "-9223372036854775808"}) {
    std::string bytes = good;
    bytes.replace(at, 1, number);
    EXPECT_FALSE(wire::read_canonical(bytes)) << number;
  }
}

}  // namespace
}  // namespace quickbite
