// The vocabulary types of the domain: every id, quantity and position has a type of its own.
#pragma once

#include <cstdint>
#include <string>

#include "domain/base/strong.h"
#include "domain/base/uuid.h"

namespace quickbite {

using OrderId = Strong<struct OrderIdTag, Uuid>;
using EventId = Strong<struct EventIdTag, Uuid>;
using RequestHash = Strong<struct RequestHashTag, Uuid>;  // of a request's canonical form

using UserId = Strong<struct UserIdTag, std::string>;  // 1..64 bytes of UTF-8 without control characters
using Sku = Strong<struct SkuTag, std::string>;        // 1..64 bytes of [A-Za-z0-9._-]

using Quantity = Strong<struct QuantityTag, std::int64_t>;  // units of a SKU
using Version = Strong<struct VersionTag, std::int64_t>;    // of a row, from 1, plus 1 with every change

using Partition = Strong<struct PartitionTag, std::int32_t>;  // from 0
using Offset = Strong<struct OffsetTag, std::int64_t>;        // from 0; a committed offset is the next one to read
using OutboxSeq = Strong<struct OutboxSeqTag, std::int64_t>;  // order of insertion, with gaps; visible order may differ
using Shard = Strong<struct ShardTag, std::int32_t>;          // 0..kShards-1, or kDeadLetterShard

}  // namespace quickbite
