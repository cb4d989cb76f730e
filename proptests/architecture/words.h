// What the pure folders, domain/ and sim/, may not say: clocks, randomness, threads, I/O, floating
// point, hash order, exceptions, and other people's headers.
#pragma once

#include <string_view>

#include "proptests/architecture/finding.h"

namespace quickbite::architecture {

// Whether the rules for pure code hold for a path: all of domain/ and sim/ but their tests.
bool is_pure(std::string_view path);

// Names that a pure file may not use, and headers that it may not include: what is not of the
// standard library's pure part is refused, and RapidJSON is for domain/message and domain/api
// alone.
Findings word_findings(std::string_view path, std::string_view text);

}  // namespace quickbite::architecture
