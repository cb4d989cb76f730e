// SHA-1 (FIPS 180-4), streaming over parts so that nothing is copied together first. For UUIDv5 alone: it keeps no secrets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quickbite {

class Sha1 {
 public:
  using Word = std::uint32_t;
  using State = std::array<Word, 5>;
  using Block = std::array<std::uint8_t, 64>;

  void add(std::string_view bytes);
  void add_big_endian(std::uint64_t value);
  State finish();  // the digest, big-endian words; nothing may be added after it

 private:
  State state_{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  Block block_;
  std::size_t used_ = 0;
  std::uint64_t length_ = 0;
};

// One block: by the processor's own instructions where it has them and this compiler uses them, else by the portable code, which the
// tests compare it with.
bool has_sha_instructions();
void sha1_block(Sha1::State& state, const Sha1::Block& block);
void sha1_block_portable(Sha1::State& state, const Sha1::Block& block);

}  // namespace quickbite
