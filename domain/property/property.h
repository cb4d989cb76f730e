// The properties: S1… must always hold, L1… must finally hold. One file each (s01.cc, …); this is their table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/property/delta.h"
#include "domain/property/view.h"

namespace quickbite::property {

struct Violation {
  std::string_view property;  // "S1"
  std::string what;           // which order, SKU, offset; what was expected and what is there
};

enum class Kind : std::uint8_t {
  kState,  // `full` says all; `step` is the same, looking only at what the delta touched
  kEdge,   // only `step` exists: it needs the delta
  kRest,   // `full`, only where View::at_rest
  kFinal,  // liveness: `full`, at the end of the bound
};

struct Property {
  std::string_view id;
  std::string_view title;  // a sentence
  Kind kind;
  Mask mask;               // `step` is called only for deltas with one of these facts
  std::optional<Violation> (*step)(const View& after, const Delta& delta);  // null for kRest and kFinal
  std::optional<Violation> (*full)(const View& view);                       // null for kEdge
};

// In the order of their ids: S1, S2, S3, S7, S8, S9, S10, S11, S12, S14, S16, S17, S18, S19, L1, L2, L3, L4, L8, L9, L10.
std::span<const Property> properties();

// False where no property looks at anything that the delta holds: check_step would find nothing.
bool looks_at(const Delta& delta);

// The first violation of any edge or state property by this step.
std::optional<Violation> check_step(const View& after, const Delta& delta);

// The first violation of any state property, looking at everything; of rest properties too where the view is at rest.
std::optional<Violation> check_full(const View& view);

// The first violation of L1, L2, L3, L4, L10.
std::optional<Violation> check_final(const View& view);

}  // namespace quickbite::property
