#include "services/runtime/random_uuid.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdint>

#include "domain/base/check.h"

namespace quickbite::runtime {

Uuid random_uuid() {
  std::uint64_t bits[2];
  ssize_t got = 0;
  do {
    got = ::getrandom(bits, sizeof(bits), 0);  // up to 256 bytes come whole (getrandom(2))
  } while (got < 0 && errno == EINTR);
  CHECK(got == sizeof(bits));
  constexpr std::uint64_t kVersionMask = 0xF000;
  constexpr std::uint64_t kVersion4 = 0x4000;
  constexpr std::uint64_t kVariantMask = std::uint64_t{0xC0} << 56;
  constexpr std::uint64_t kVariant = std::uint64_t{0x80} << 56;
  return {(bits[0] & ~kVersionMask) | kVersion4, (bits[1] & ~kVariantMask) | kVariant};
}

}  // namespace quickbite::runtime
