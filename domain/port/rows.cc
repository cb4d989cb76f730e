#include "domain/port/rows.h"

#include "domain/base/hash.h"

namespace quickbite {

Shard shard_of(const OrderId& order) {
  Hash64 hash;
  hash.add(order.value.high);
  hash.add(order.value.low);
  return Shard(static_cast<std::int32_t>(hash.digest() % static_cast<std::uint64_t>(kShards)));
}

}  // namespace quickbite
