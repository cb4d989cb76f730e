#include "domain/message/trace.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace quickbite {
namespace {

const std::string kSample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";  // W3C's own example

TEST(Trace, ReadsAndWritesTheStandardsOwnExample) {
  const auto trace = parse_trace(kSample);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->id, (Uuid{0x4bf92f3577b34da6, 0xa3ce929d0e0e4736}));
  EXPECT_EQ(trace->span, 0x00f067aa0ba902b7u);
  EXPECT_EQ(trace->flags, 1);
  EXPECT_EQ(to_traceparent(*trace), kSample);
  EXPECT_EQ(trace_id_text(*trace), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(Trace, ALaterVersionIsReadAsFarAsItIsKnown) {
  EXPECT_EQ(parse_trace("cc" + kSample.substr(2) + "-what-the-future-will-be-like"), parse_trace(kSample));
  EXPECT_EQ(parse_trace("cc" + kSample.substr(2)), parse_trace(kSample));
  EXPECT_FALSE(parse_trace("cc" + kSample.substr(2) + ".what").has_value());
}

TEST(Trace, WhatIsNoTraceIsNone) {
  for (const std::string& text : {std::string(), std::string("00"), kSample + "-more", kSample.substr(1), "ff" + kSample.substr(2),
                                  std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
                                  std::string("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
                                  std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
                                  std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x"),
                                  std::string("00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")}) {
    EXPECT_FALSE(parse_trace(text).has_value()) << text;
  }
}

TEST(Trace, TwoHeadersAreNone) {
  EXPECT_EQ(trace_in({{"a", "b"}, {"traceparent", kSample}}), parse_trace(kSample));
  EXPECT_FALSE(trace_in({{"traceparent", kSample}, {"traceparent", kSample}}).has_value());
  EXPECT_FALSE(trace_in({}).has_value());
}

TEST(Trace, AnEventHandsOnTheSameTraceUnderASpanOfItsOwn) {
  const Trace begun = trace_of_order(OrderId(Uuid{1, 2}));
  EXPECT_EQ(begun.id, (Uuid{1, 2}));
  const Trace handed = trace_at(begun, EventId(Uuid{3, 4}));
  EXPECT_EQ(handed.id, begun.id);
  EXPECT_NE(handed.span, begun.span);
  EXPECT_EQ(handed, trace_at(begun, EventId(Uuid{3, 4}))) << "written again, it is the same";
  EXPECT_NE(trace_at(begun, EventId(Uuid{5, 5})).span, 0u) << "no span is 0";
}

RC_GTEST_PROP(Trace, WhatIsWrittenIsReadBack, (std::uint64_t high, std::uint64_t low, std::uint64_t span, std::uint8_t flags)) {
  RC_PRE((high != 0 || low != 0) && span != 0);
  const Trace trace{{high, low}, span, flags};
  RC_ASSERT(parse_trace(to_traceparent(trace)) == trace);
}

RC_GTEST_PROP(Trace, AnyBytesAreReadWithoutHarm, (std::string text)) {
  const auto trace = parse_trace(text);
  if (trace) RC_ASSERT(parse_trace(to_traceparent(*trace)) == trace);
}

}  // namespace
}  // namespace quickbite
