// libpq's connection strings, "host=… dbname=…" or a postgresql:// URI (PostgreSQL manual 34.1.1), with something added.
#pragma once

#include <string>
#include <string_view>

namespace quickbite::postgres {

// With connect_timeout (2 s), keepalives and tcp_user_timeout (5 s), where it does not name them itself.
std::string with_timeouts(const std::string& connection);

// The same server, another database and role.
std::string with_database(const std::string& connection, std::string_view database, std::string_view role);

// For people: the parameters that it names, each secret among them as "***". What cannot be read is "***" as a whole.
std::string without_secrets(const std::string& connection);

}  // namespace quickbite::postgres
