#include "domain/api/asker.h"

#include <algorithm>
#include <vector>

#include "domain/api/headers.h"

namespace quickbite::api {
namespace {

// Of "192.0.2.1:1234" and "[2001:db8::1]:1234", as some proxies write them: another port is not another client.
std::string_view without_port(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, std::min(address.find(']'), address.size()) - 1);
  const std::size_t colon = address.find(':');
  return colon != address.npos && address.find(':', colon + 1) == address.npos ? address.substr(0, colon) : address;
}

// Oldest first. A header that is given more than once is one list (RFC 9110 section 5.3).
std::vector<std::string_view> forwarded_for(const Headers& headers) {
  std::vector<std::string_view> entries;
  for (const Header& header : headers) {
    if (header.name != "x-forwarded-for") continue;
    std::string_view rest = header.value;
    for (;;) {
      const std::size_t comma = rest.find(',');
      entries.push_back(trimmed(rest.substr(0, comma)));
      if (comma == rest.npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return entries;
}

}  // namespace

std::string asker(const Headers& headers, std::string_view peer, std::int64_t proxies) {
  if (proxies <= 0) return std::string(peer);
  const std::vector<std::string_view> entries = forwarded_for(headers);
  if (entries.size() < static_cast<std::size_t>(proxies)) return std::string(peer);
  const std::string_view entry = without_port(entries[entries.size() - static_cast<std::size_t>(proxies)]);
  return std::string(entry.empty() || entry.size() > kAddressBytesMax ? peer : entry);
}

}  // namespace quickbite::api
