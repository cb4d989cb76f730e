#include "sim/world/codec.h"

#include <vector>

#include <gtest/gtest.h>

namespace quickbite::sim {
namespace {

// Each is like the first but for one thing.
std::vector<PlaceAct> nearly_equal_acts() {
  const PlaceAct act{"u1", {{Sku{"burger"}, Quantity{1}}}, "k1", "o1"};
  std::vector<PlaceAct> acts(7, act);
  acts[1].client = "u2";
  acts[2].lines.front().sku = Sku{"fries"};
  acts[3].lines.front().quantity = Quantity{2};
  acts[4].lines.push_back({Sku{"cola"}, Quantity{1}});
  acts[5].key = "k2";
  acts[6].key.reset();
  return acts;
}

TEST(Codec, RemembersOfEachActWhatItWouldMakeAfresh) {
  MemoDecoder memo;
  PlainDecoder plain;
  for (int round = 0; round < 2; ++round) {
    for (const PlaceAct& act : nearly_equal_acts()) {
      const auto remembered = memo.place(act);
      const auto fresh = plain.place(act);
      EXPECT_EQ(remembered->order, fresh->order);
      EXPECT_EQ(remembered->request.body, fresh->request.body);
      EXPECT_EQ(remembered->request.headers, fresh->request.headers);
      ASSERT_TRUE(std::holds_alternative<Command>(remembered->routed));
    }
  }
}

TEST(Codec, AnOrderWithoutAKeyIsNamedByItsLabel) {
  PlainDecoder plain;
  const PlaceAct first{"u1", {{Sku{"burger"}, Quantity{1}}}, std::nullopt, "o1"};
  PlaceAct second = first;
  second.label = "o2";
  EXPECT_NE(plain.place(first)->order, plain.place(second)->order);
}

TEST(Codec, RemembersOfEachMessageWhatItWouldDecodeAfresh) {
  MemoDecoder memo;
  PlainDecoder plain;
  const OrderId order{Uuid{1, 2}};
  Message message;
  message.key = to_string(order.value);
  message.value = encode_event(event_of(InventoryReserved{order}));
  Message without_key = message;
  without_key.key.reset();
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(*memo.decode(message), *plain.decode(message));
    EXPECT_EQ(*memo.decode(without_key), *plain.decode(without_key));
  }
  EXPECT_NE(memo.decode(message)->index(), memo.decode(without_key)->index());
}

}  // namespace
}  // namespace quickbite::sim
