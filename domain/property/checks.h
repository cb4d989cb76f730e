// The functions behind the table of properties: one file each, s01.cc … l03.cc. What each means
// stands in docs/properties.md.
#pragma once

#include <optional>

#include "domain/property/delta.h"
#include "domain/property/property.h"
#include "domain/property/view.h"

namespace quickbite::property {

using Checked = std::optional<Violation>;

Checked s01_step(const View& after, const Delta& delta);
Checked s01_full(const View& view);
Checked s02_step(const View& after, const Delta& delta);
Checked s03_step(const View& after, const Delta& delta);
Checked s07_step(const View& after, const Delta& delta);
Checked s07_full(const View& view);
Checked s08_step(const View& after, const Delta& delta);
Checked s08_full(const View& view);
Checked s09_step(const View& after, const Delta& delta);
Checked s09_full(const View& view);
Checked s10_step(const View& after, const Delta& delta);
Checked s10_full(const View& view);
Checked s11_step(const View& after, const Delta& delta);
Checked s12_step(const View& after, const Delta& delta);
Checked s12_full(const View& view);
Checked s14_full(const View& view);
Checked s16_step(const View& after, const Delta& delta);
Checked s17_step(const View& after, const Delta& delta);
Checked s18_step(const View& after, const Delta& delta);
Checked s19_step(const View& after, const Delta& delta);
Checked l01_full(const View& view);
Checked l02_full(const View& view);
Checked l03_full(const View& view);
Checked l04_full(const View& view);
Checked l08_step(const View& after, const Delta& delta);
Checked l08_full(const View& view);
Checked l09_step(const View& after, const Delta& delta);
Checked l10_full(const View& view);

}  // namespace quickbite::property
