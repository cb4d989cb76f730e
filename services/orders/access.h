// Access: who may ask, from which pages, and how often: what stands before the API, out of Orders' flags.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/jwt/verifier.h"
#include "domain/api/api.h"
#include "domain/api/cors.h"
#include "domain/api/rate_limit.h"
#include "domain/base/time.h"
#include "services/runtime/command_line.h"

namespace quickbite::orders {

// What these flags have to be.
std::vector<runtime::Rule> access_rules();

class Access {
 public:
  using Caller = std::optional<UserId>;  // none: nobody has to say who he is

  // InvalidArgument names the flag: a key cannot be read, or the address is not this machine's own, and nobody has to say who
  // he is, which --allow-anonymous would have to allow.
  static absl::StatusOr<std::unique_ptr<Access>> from_flags(const std::string& http_address);

  // Who asks; or 401.
  std::variant<Caller, HttpAnswer> caller(const HttpRequest& request, Instant now) const;

  // 429 where the address has asked too often without a name: `peer`, or what stands behind --proxies. From any thread.
  std::optional<HttpAnswer> limited(const Headers& headers, std::string_view peer, Instant now);

  // 429 where the subject has asked too often: the caller, else the user that the request is about; who names none is not
  // counted here. From any thread.
  std::optional<HttpAnswer> limited(const Caller& caller, const api::Routed& routed, Instant now);

  const api::Cors& cors() const { return cors_; }

 private:
  Access(const api::RateLimit::Options& rate, const api::RateLimit::Options& peer_rate) : rate_(rate), peer_rate_(peer_rate) {}

  struct Limited {
    explicit Limited(const api::RateLimit::Options& options) : limit(options) {}
    std::optional<HttpAnswer> taken(std::string_view subject, Instant now);

    std::mutex mutex;
    api::RateLimit limit;
  };

  std::optional<jwt::Verifier> verifier_;
  api::Cors cors_;
  std::int64_t proxies_ = 0;
  Limited rate_;       // by user
  Limited peer_rate_;  // by address
};

}  // namespace quickbite::orders
