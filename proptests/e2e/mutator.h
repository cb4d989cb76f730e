// Requests that were right once: a corpus of what the API understands, and mutations of it, each of which follows from a seed and
// a number alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quickbite {

inline constexpr std::size_t kMutantBytesMax = 160 * 1024;  // past every limit of the server's

// Whole requests, each as a client would send it; `order` is the id of one that exists, `sku` one that is in stock.
std::vector<std::string> request_corpus(const std::string& order, const std::string& sku);

// The `number`-th mutant of a seed: a request of the corpus with one to four changes. Some change only the body and say its true
// length, so that they come as far as the JSON; some only one word of the head, so that the rest is still a request; some any byte.
std::string mutant(const std::vector<std::string>& corpus, std::uint64_t seed, std::uint64_t number);

}  // namespace quickbite
