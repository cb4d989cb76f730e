#include "services/orders/access.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "domain/api/asker.h"
#include "domain/api/auth.h"
#include "domain/base/match.h"

ABSL_FLAG(std::string, jwt_keys, "",
          "files of the keys that sign bearer tokens, as FILE,FILE: PEM public keys for RS256 or ES256, or secrets for HS256; "
          "with any, everybody has to send a token, whose sub is the user");
ABSL_FLAG(std::string, jwt_issuer, "", "the iss that a token must have; none: any");
ABSL_FLAG(std::string, jwt_audience, "", "the aud that a token must be for; none: it must have no aud");
ABSL_FLAG(absl::Duration, jwt_leeway, absl::Seconds(60), "by how much the clocks of a token's issuer and ours may differ");
ABSL_FLAG(bool, allow_anonymous, false, "listen on an address that others can reach, without --jwt-keys");
ABSL_FLAG(std::string, cors_origins, "", "origins whose pages may use the API, as https://shop.example,https://other; or *");
ABSL_FLAG(std::int64_t, rate_limit, 0, "requests a second that one user may send on average; 0: as many as he likes");
ABSL_FLAG(std::int64_t, rate_burst, 20, "requests that one user may send at once, within --rate-limit");
ABSL_FLAG(std::int64_t, peer_rate_limit, 0,
          "requests a second that one address may send on average without a token that counts; 0: as many as it likes");
ABSL_FLAG(std::int64_t, peer_rate_burst, 100, "such requests that one address may send at once, within --peer-rate-limit");
ABSL_FLAG(std::int64_t, proxies, 0,
          "how many proxies stand between clients and this server, each of which adds to X-Forwarded-For whom it was asked by; "
          "without it they all are one address");

namespace quickbite::orders {
namespace {

// Of an address of IPv6 its network of 64 bits, as bytes: a subscriber has one at least, and each address in it. Else as it is.
std::string subscriber(std::string address) {
  in6_addr bytes{};
  if (inet_pton(AF_INET6, address.c_str(), &bytes) != 1 || IN6_IS_ADDR_V4MAPPED(&bytes)) return address;
  constexpr std::size_t kNetworkBytes = 8;
  return std::string(reinterpret_cast<const char*>(bytes.s6_addr), kNetworkBytes);
}

std::vector<std::string> listed(const std::string& text) {
  if (text.empty()) return {};
  return absl::StrSplit(text, ',');
}

bool is_loopback(const std::string& address) {
  return absl::StartsWith(address, "127.") || address == "::1" || address == "localhost";
}

// The user that a request is about, where it says so.
std::optional<UserId> user_of(const api::Routed& routed) {
  if (const auto* command = std::get_if<Command>(&routed)) {
    const auto* place = std::get_if<PlaceOrder>(command);
    return place != nullptr ? std::optional(place->user) : std::nullopt;
  }
  if (const auto* query = std::get_if<api::Query>(&routed)) {
    const auto* list = std::get_if<api::ListOrders>(query);
    return list != nullptr ? std::optional(list->user) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::vector<runtime::Rule> access_rules() {
  const auto at_least = [](const auto& flag, std::int64_t least) { return absl::GetFlag(flag) >= least && absl::GetFlag(flag) <= 1'000'000; };
  return {
      {"cors_origins", "origins, as https://shop.example,http://127.0.0.1:3000, or *",
       [] {
         const std::vector<std::string> origins = listed(absl::GetFlag(FLAGS_cors_origins));
         return std::all_of(origins.begin(), origins.end(), [](const std::string& origin) { return api::is_origin(origin); });
       }},
      {"jwt_leeway", "a duration from 0s to 1h, as 60s",
       [] { return absl::GetFlag(FLAGS_jwt_leeway) >= absl::ZeroDuration() && absl::GetFlag(FLAGS_jwt_leeway) <= absl::Hours(1); }},
      {"rate_limit", "a number from 0 to 1000000", [=] { return at_least(FLAGS_rate_limit, 0); }},
      {"rate_burst", "a number from 1 to 1000000", [=] { return at_least(FLAGS_rate_burst, 1); }},
      {"peer_rate_limit", "a number from 0 to 1000000", [=] { return at_least(FLAGS_peer_rate_limit, 0); }},
      {"peer_rate_burst", "a number from 1 to 1000000", [=] { return at_least(FLAGS_peer_rate_burst, 1); }},
      {"proxies", "a number from 0 to 16", [] { return absl::GetFlag(FLAGS_proxies) >= 0 && absl::GetFlag(FLAGS_proxies) <= 16; }},
  };
}

absl::StatusOr<std::unique_ptr<Access>> Access::from_flags(const std::string& http_address) {
  std::unique_ptr<Access> access(
      new Access({.per_second = absl::GetFlag(FLAGS_rate_limit), .burst = absl::GetFlag(FLAGS_rate_burst)},
                 {.per_second = absl::GetFlag(FLAGS_peer_rate_limit), .burst = absl::GetFlag(FLAGS_peer_rate_burst)}));
  access->proxies_ = absl::GetFlag(FLAGS_proxies);
  access->cors_.origins = listed(absl::GetFlag(FLAGS_cors_origins));
  const std::vector<std::string> keys = listed(absl::GetFlag(FLAGS_jwt_keys));
  if (keys.empty()) {
    if (is_loopback(http_address) || absl::GetFlag(FLAGS_allow_anonymous)) return access;
    return absl::InvalidArgumentError(
        absl::StrCat("--http-address=", http_address,
                     " lets others in, and nobody has to say who he is: give --jwt-keys, or --allow-anonymous to allow that"));
  }
  jwt::Options options{keys, absl::GetFlag(FLAGS_jwt_issuer), absl::GetFlag(FLAGS_jwt_audience),
                       microseconds(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_jwt_leeway)))};
  absl::StatusOr<jwt::Verifier> verifier = jwt::Verifier::make(options);
  if (!verifier.ok()) return absl::InvalidArgumentError(absl::StrCat("--jwt-keys: ", verifier.status().message()));
  access->verifier_ = *std::move(verifier);
  return access;
}

std::variant<Access::Caller, HttpAnswer> Access::caller(const HttpRequest& request, Instant now) const {
  // A browser's preflight carries no token.
  if (!verifier_ || request.method == "OPTIONS") return Caller();
  auto token = api::bearer_token(request);
  if (auto* refused = std::get_if<HttpAnswer>(&token)) return std::move(*refused);
  absl::StatusOr<UserId> subject = verifier_->subject(std::get<std::string_view>(token), now);
  if (!subject.ok()) return api::invalid_token({subject.status().message().data(), subject.status().message().size()});
  return Caller(*std::move(subject));
}

std::optional<HttpAnswer> Access::limited(const Caller& caller, const api::Routed& routed, Instant now) {
  const std::optional<UserId> subject = caller ? caller : user_of(routed);
  return subject ? rate_.taken(subject->value, now) : std::nullopt;
}

std::optional<HttpAnswer> Access::limited(const Headers& headers, std::string_view peer, Instant now) {
  if (!peer_rate_.limit.limits()) return std::nullopt;
  return peer_rate_.taken(subscriber(api::asker(headers, peer, proxies_)), now);
}

std::optional<HttpAnswer> Access::Limited::taken(std::string_view subject, Instant now) {
  const std::lock_guard lock(mutex);
  const std::optional<Duration> wait = limit.take(subject, now);
  return wait ? std::optional(api::too_many_requests(*wait)) : std::nullopt;
}

}  // namespace quickbite::orders
