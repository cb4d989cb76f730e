// Verifier: whether a bearer token counts, and whose it is (RFC 7519, RFC 8725).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/base/ids.h"
#include "domain/base/time.h"

namespace quickbite::jwt {

struct Options {
  std::vector<std::string> key_files;  // from 1: PEM public keys (RSA, P-256), or secrets
  std::string issuer;                  // `iss` must be this; empty: it does not matter
  std::string audience;                // `aud` must be or hold this; empty: there must be no `aud` (RFC 7519 section 4.1.3)
  Duration leeway = seconds(60);       // by which clocks may differ
};

class Verifier {
 public:
  // Reads the keys. InvalidArgument names the file, and what is wrong with it.
  static absl::StatusOr<Verifier> make(const Options& options);

  // The token's `sub`. Unauthenticated: it does not count; the message ends the sentence "The token is not valid: …".
  // `now`: since the Unix epoch. From any thread.
  absl::StatusOr<UserId> subject(std::string_view token, Instant now) const;

 private:
  struct Key {
    std::string bytes;
    int algorithm = 0;  // libjwt's number
  };

  explicit Verifier(const Options& options) : options_(options) {}
  absl::StatusOr<std::string> verified_claims(const std::string& token) const;

  Options options_;
  std::vector<Key> keys_;
};

}  // namespace quickbite::jwt
