// quickbite_hashes FROM TO: the trace hash of each seed's run and the fingerprint of its world at the end, a line each.
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "sim/world/sweep.h"

extern "C" void quickbite_check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "CHECK failed: %s, %s:%d\n", condition, file, line);
  std::abort();
}

namespace {

bool read_number(const char* text, std::uint64_t& number) {
  char* end = nullptr;
  number = std::strtoull(text, &end, 10);
  return end != text && *end == '\0' && *text != '-';
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  if (argc != 3 || !read_number(argv[1], from) || !read_number(argv[2], to) || to < from ||
      to == std::numeric_limits<std::uint64_t>::max()) {
    std::fprintf(stderr, "usage: quickbite_hashes FROM TO    two seeds, FROM not above TO\n");
    return 2;
  }
  quickbite::sim::MemoDecoder decoder;
  for (std::uint64_t seed = from; seed <= to; ++seed) {
    const quickbite::sim::Outcome outcome = quickbite::sim::run_seed(seed, decoder);
    std::printf("%" PRIu64 " %016" PRIx64 " %016" PRIx64 "\n", seed, outcome.trace_hash, outcome.fingerprint);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
