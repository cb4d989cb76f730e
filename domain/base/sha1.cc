#include "domain/base/sha1.h"

#include <algorithm>
#include <bit>
#include <cstring>

// g++ tells whether the processor has the instructions without a global of ours; clang 14 does not.
#if defined(__x86_64__) && defined(__GNUC__) && __GNUC__ >= 11 && !defined(__clang__)
#define QUICKBITE_SHA_INSTRUCTIONS 1
#include <immintrin.h>
#endif

namespace quickbite {
namespace {

using Word = Sha1::Word;

constexpr std::size_t kLengthAt = 56;

constexpr auto choice = [](Word x, Word y, Word z) { return z ^ (x & (y ^ z)); };
constexpr auto parity = [](Word x, Word y, Word z) { return x ^ y ^ z; };
constexpr auto majority = [](Word x, Word y, Word z) { return (x & y) | (z & (x | y)); };

Word big_endian(const std::uint8_t* bytes) {
  if constexpr (std::endian::native == std::endian::little) {
    Word word;
    std::memcpy(&word, bytes, sizeof word);
    return (word >> 24) | ((word >> 8) & 0xFF00) | ((word & 0xFF00) << 8) | (word << 24);
  } else {
    return (Word{bytes[0]} << 24) | (Word{bytes[1]} << 16) | (Word{bytes[2]} << 8) | Word{bytes[3]};
  }
}

template <class F>
void one(F f, Word k, Word w, Word a, Word& b, Word c, Word d, Word& e) {
  e += std::rotl(a, 5) + f(b, c, d) + k + w;
  b = std::rotl(b, 30);
}
template <class F>
void five(F f, Word k, const Word* w, Word& a, Word& b, Word& c, Word& d, Word& e) {
  one(f, k, w[0], a, b, c, d, e);
  one(f, k, w[1], e, a, b, c, d);
  one(f, k, w[2], d, e, a, b, c);
  one(f, k, w[3], c, d, e, a, b);
  one(f, k, w[4], b, c, d, e, a);
}

#ifdef QUICKBITE_SHA_INSTRUCTIONS

#define QUICKBITE_WITH_SHA __attribute__((target("sha,sse4.1")))

// Twenty rounds, four at a time. `e` carries, in its last lane, what is rotated into the fifth word of the next four.
template <int kFunction>
QUICKBITE_WITH_SHA void twenty(const __m128i* w, __m128i& abcd, __m128i& e) {
#pragma GCC unroll 1
  for (int i = 0; i < 5; ++i) {
    const __m128i before = abcd;
    abcd = _mm_sha1rnds4_epu32(abcd, _mm_sha1nexte_epu32(e, w[i]), kFunction);
    e = before;
  }
}

QUICKBITE_WITH_SHA void block_by_instructions(Sha1::State& state, const Sha1::Block& block) {
  const __m128i big_endian = _mm_set_epi64x(0x0001020304050607, 0x08090A0B0C0D0E0F);
  __m128i w[20];
  for (std::size_t i = 0; i < 4; ++i) {
    w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block.data()) + i), big_endian);
  }
#pragma GCC unroll 1
  for (std::size_t i = 4; i < 20; ++i) {
    w[i] = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(w[i - 4], w[i - 3]), w[i - 2]), w[i - 1]);
  }
  const __m128i abcd_before = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data())), 0x1B);
  __m128i abcd = abcd_before;
  __m128i e = _mm_set_epi32(static_cast<int>(std::rotl(state[4], 2)), 0, 0, 0);  // rotated back by the first four rounds
  twenty<0>(&w[0], abcd, e);
  twenty<1>(&w[5], abcd, e);
  twenty<2>(&w[10], abcd, e);
  twenty<3>(&w[15], abcd, e);
  e = _mm_sha1nexte_epu32(e, _mm_set_epi32(static_cast<int>(state[4]), 0, 0, 0));
  abcd = _mm_add_epi32(abcd, abcd_before);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), _mm_shuffle_epi32(abcd, 0x1B));
  state[4] = static_cast<Word>(_mm_extract_epi32(e, 3));
}

#endif

}  // namespace

void sha1_block_portable(Sha1::State& state, const Sha1::Block& block) {
  std::array<Word, 80> w;
  for (std::size_t i = 0; i < 16; ++i) {
    w[i] = big_endian(&block[4 * i]);
  }
  for (std::size_t i = 16; i < 80; ++i) {
    w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  }
  auto [a, b, c, d, e] = state;
  // A loop for each of the four functions, and five rounds at a time so that no word has to move. Unrolled, it would not leave
  // much room in the instruction cache for who calls it.
#pragma GCC unroll 1
  for (std::size_t i = 0; i < 20; i += 5) five(choice, 0x5A827999, &w[i], a, b, c, d, e);
#pragma GCC unroll 1
  for (std::size_t i = 20; i < 40; i += 5) five(parity, 0x6ED9EBA1, &w[i], a, b, c, d, e);
#pragma GCC unroll 1
  for (std::size_t i = 40; i < 60; i += 5) five(majority, 0x8F1BBCDC, &w[i], a, b, c, d, e);
#pragma GCC unroll 1
  for (std::size_t i = 60; i < 80; i += 5) five(parity, 0xCA62C1D6, &w[i], a, b, c, d, e);
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

bool has_sha_instructions() {
#ifdef QUICKBITE_SHA_INSTRUCTIONS
  return __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1");
#else
  return false;
#endif
}

void sha1_block(Sha1::State& state, const Sha1::Block& block) {
#ifdef QUICKBITE_SHA_INSTRUCTIONS
  if (has_sha_instructions()) return block_by_instructions(state, block);
#endif
  sha1_block_portable(state, block);
}

void Sha1::add(std::string_view bytes) {
  length_ += bytes.size();
  while (!bytes.empty()) {
    const std::size_t taken = std::min(bytes.size(), block_.size() - used_);
    std::memcpy(block_.data() + used_, bytes.data(), taken);
    bytes.remove_prefix(taken);
    used_ += taken;
    if (used_ == block_.size()) {
      sha1_block(state_, block_);
      used_ = 0;
    }
  }
}

void Sha1::add_big_endian(std::uint64_t value) {
  std::array<char, 8> bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (56 - 8 * i) & 0xFF);
  add(std::string_view(bytes.data(), bytes.size()));
}

Sha1::State Sha1::finish() {
  const std::uint64_t bits = length_ * 8;
  block_[used_++] = 0x80;
  if (used_ > kLengthAt) {
    std::memset(block_.data() + used_, 0, block_.size() - used_);
    sha1_block(state_, block_);
    used_ = 0;
  }
  std::memset(block_.data() + used_, 0, kLengthAt - used_);
  used_ = kLengthAt;
  add_big_endian(bits);
  return state_;
}

}  // namespace quickbite
