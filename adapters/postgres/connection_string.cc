#include "adapters/postgres/connection_string.h"

#include <libpq-fe.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace quickbite::postgres {
namespace {

struct Parameter {
  const char* name;
  const char* value;
};

constexpr Parameter kTimeouts[] = {
    {"connect_timeout", "2"},      // s, the shortest that libpq knows
    {"tcp_user_timeout", "5000"},  // ms, for what was sent and not acknowledged
    {"keepalives_idle", "5"},      // s
    {"keepalives_interval", "2"},  // s
    {"keepalives_count", "3"},
};

bool is_uri(const std::string& connection) {
  return absl::StartsWith(connection, "postgresql://") || absl::StartsWith(connection, "postgres://");
}

// Characters that mean nothing in a URI's query (RFC 3986 section 2.3).
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::string quoted(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string percent_encoded(std::string_view value) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

// In both forms the last mention of a parameter counts.
void add(std::string& connection, std::string_view name, std::string_view value) {
  if (is_uri(connection)) {
    absl::StrAppend(&connection, absl::StrContains(connection, "?") ? "&" : "?", std::string(name), "=",
                    percent_encoded(value));
  } else {
    absl::StrAppend(&connection, connection.empty() ? "" : " ", std::string(name), "=", quoted(value));
  }
}

}  // namespace

std::string with_timeouts(const std::string& connection) {
  std::string out = connection;
  for (const auto& [name, value] : kTimeouts) {
    if (!absl::StrContains(connection, name)) add(out, name, value);
  }
  return out;
}

std::string with_database(const std::string& connection, std::string_view database, std::string_view role) {
  std::string out = connection;
  add(out, "dbname", database);
  add(out, "user", role);
  return out;
}

std::string without_secrets(const std::string& connection) {
  if (connection.empty()) return "";
  PQconninfoOption* const options = PQconninfoParse(connection.c_str(), nullptr);
  if (options == nullptr) return "***";
  std::string out;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    // libpq marks what a dialogue should hide with '*' (PQconndefaults); sslpassword and password are.
    const bool secret = option->dispchar[0] == '*' || absl::StrContains(option->keyword, "password");
    absl::StrAppend(&out, out.empty() ? "" : " ", option->keyword, "=", secret ? "***" : quoted(option->val));
  }
  PQconninfoFree(options);
  return out;
}

}  // namespace quickbite::postgres
