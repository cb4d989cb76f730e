// Fingerprints: a set of 64-bit numbers, eight bytes and a little slack each.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace quickbite::sim::exploring {

class Fingerprints {
 public:
  // False where it was there already.
  bool insert(std::uint64_t fingerprint) {
    if (fingerprint == 0) fingerprint = 1;  // 0 marks a free slot
    Shard& shard = shards_[fingerprint >> (64 - kShardBits)];
    std::size_t at = shard.find(fingerprint);
    if (at < shard.slots.size() && shard.slots[at] == fingerprint) return false;
    if ((shard.used + 1) * 4 > shard.slots.size() * 3) {
      shard.grow();
      at = shard.find(fingerprint);
    }
    shard.slots[at] = fingerprint;
    ++shard.used;
    ++size_;
    return true;
  }

  bool contains(std::uint64_t fingerprint) const {
    if (fingerprint == 0) fingerprint = 1;
    const Shard& shard = shards_[fingerprint >> (64 - kShardBits)];
    const std::size_t at = shard.find(fingerprint);
    return at < shard.slots.size() && shard.slots[at] == fingerprint;
  }

  std::uint64_t size() const { return size_; }
  std::uint64_t bytes() const {
    std::uint64_t slots = 0;
    for (const Shard& shard : shards_) slots += shard.slots.size();
    return slots * sizeof(std::uint64_t);
  }

 private:
  // Shards grow one by one and by half, so that growing never needs much more than what is there.
  static constexpr int kShardBits = 6;

  struct Shard {
    std::vector<std::uint64_t> slots;
    std::size_t used = 0;

    // Where it is, or the free slot where it belongs; the number of slots where there are none.
    std::size_t find(std::uint64_t fingerprint) const {
      const std::size_t size = slots.size();
      if (size == 0) return 0;
      std::size_t at = static_cast<std::size_t>(((fingerprint & 0xFFFFFFFF) * size) >> 32);
      while (slots[at] != 0 && slots[at] != fingerprint) at = at + 1 == size ? 0 : at + 1;
      return at;
    }

    void grow() {
      std::vector<std::uint64_t> old(slots.empty() ? 16 : slots.size() + slots.size() / 2);
      old.swap(slots);
      for (const std::uint64_t fingerprint : old) {
        if (fingerprint != 0) slots[find(fingerprint)] = fingerprint;
      }
    }
  };

  std::array<Shard, std::size_t{1} << kShardBits> shards_;
  std::uint64_t size_ = 0;
};

// The chance that two of `n` different states shared a fingerprint is below n²/2^65; this is its power of two, rounded up:
// -40 means "at most one in 2^40".
constexpr std::int32_t collision_log2(std::uint64_t n) {
  return 2 * static_cast<std::int32_t>(std::bit_width(n)) - 65;
}

}  // namespace quickbite::sim::exploring
