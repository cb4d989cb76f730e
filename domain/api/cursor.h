// Cursor: a place in a user's list of orders, as the opaque text that a client hands back for the next page.
//
// A client may keep it as long as it likes: it names a place, not a page, and needs no order to be still there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/base/ids.h"
#include "domain/port/ledger.h"

namespace quickbite::api {

// 38 characters of the URL-safe alphabet of base64 (RFC 4648 section 5), for this user's list alone.
std::string write_cursor(const UserId& user, const ListPlace& place);

// Nullopt for anything that write_cursor did not give for this user: another length or alphabet, a changed character.
std::optional<ListPlace> read_cursor(const UserId& user, std::string_view text);

}  // namespace quickbite::api
