#include "adapters/jwt/verifier.h"

#include <jwt.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "domain/base/utf8.h"
#include "rapidjson/document.h"

namespace quickbite::jwt {
namespace {

constexpr std::size_t kSecretBytesMin = 32;  // RFC 7518 section 3.2: as long as the hash
constexpr int kRsaBitsMin = 2048;            // RFC 7518 section 3.3
constexpr std::size_t kTokenBytesMax = 8 * 1024;
constexpr std::size_t kSubjectBytesMax = 64;  // a user's

using Token = std::unique_ptr<jwt_t, decltype(&jwt_free)>;

absl::Status invalid(std::string_view why) { return absl::UnauthenticatedError(std::string(why)); }

// Without a key nothing is verified: the claims are only read. With one, nothing comes out that it did not sign.
Token decode(const std::string& token, const std::string* key) {
  jwt_t* decoded = nullptr;
  const auto* bytes = key == nullptr ? nullptr : reinterpret_cast<const unsigned char*>(key->data());
  const int failed = jwt_decode(&decoded, token.c_str(), bytes, key == nullptr ? 0 : static_cast<int>(key->size()));
  return Token(failed == 0 ? decoded : nullptr, &jwt_free);
}

absl::StatusOr<int> algorithm_of_pem(const std::string& path, const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr),
                                                                &EVP_PKEY_free);
  if (key == nullptr) return absl::InvalidArgumentError(absl::StrCat("'", path, "' holds no PEM public key"));
  if (EVP_PKEY_base_id(key.get()) == EVP_PKEY_RSA) {
    if (EVP_PKEY_bits(key.get()) >= kRsaBitsMin) return JWT_ALG_RS256;
    return absl::InvalidArgumentError(absl::StrCat("'", path, "' holds an RSA key of less than 2048 bits"));
  }
  char curve[64] = {};
  const bool named = EVP_PKEY_base_id(key.get()) == EVP_PKEY_EC &&
                     EVP_PKEY_get_group_name(key.get(), curve, sizeof(curve), nullptr) == 1;
  if (named && std::string_view(curve) == "prime256v1") return JWT_ALG_ES256;
  return absl::InvalidArgumentError(absl::StrCat("'", path, "' holds neither an RSA key nor one on the curve P-256"));
}

// --- Claims ---------------------------------------------------------------------------------------

using Claims = rapidjson::Document;

// Microseconds since the Unix epoch; nullopt where it is no number, or of no year that counts.
std::optional<Instant> time_claim(const rapidjson::Value& value) {
  constexpr double kSecondsMax = 1e11;
  if (!value.IsNumber() || !(value.GetDouble() > -kSecondsMax && value.GetDouble() < kSecondsMax)) return std::nullopt;
  return Instant{static_cast<std::int64_t>(value.GetDouble() * 1e6)};
}

bool is_text(const rapidjson::Value& value, std::string_view text) {
  return value.IsString() && std::string_view(value.GetString(), value.GetStringLength()) == text;
}

absl::Status check_times(const Claims& claims, Duration leeway, Instant now) {
  const auto exp = claims.FindMember("exp");
  if (exp == claims.MemberEnd()) return invalid("it has no exp");
  const auto until = time_claim(exp->value);
  if (!until) return invalid("its exp is no time");
  if (now >= *until + leeway) return invalid("it has expired");
  const auto nbf = claims.FindMember("nbf");
  if (nbf == claims.MemberEnd()) return absl::OkStatus();
  const auto from = time_claim(nbf->value);
  if (!from) return invalid("its nbf is no time");
  return now + leeway < *from ? invalid("it is not valid yet") : absl::OkStatus();
}

absl::Status check_parties(const Claims& claims, const Options& options) {
  if (!options.issuer.empty()) {
    const auto iss = claims.FindMember("iss");
    if (iss == claims.MemberEnd() || !is_text(iss->value, options.issuer)) return invalid("it is of another issuer");
  }
  const auto aud = claims.FindMember("aud");
  if (aud == claims.MemberEnd()) {
    return options.audience.empty() ? absl::OkStatus() : invalid("it is for another audience");
  }
  bool meant = false;
  if (!options.audience.empty()) {
    meant = is_text(aud->value, options.audience);
    if (aud->value.IsArray()) {
      for (const auto& each : aud->value.GetArray()) meant = meant || is_text(each, options.audience);
    }
  }
  return meant ? absl::OkStatus() : invalid("it is for another audience");
}

absl::StatusOr<UserId> subject_of(const Claims& claims) {
  const auto sub = claims.FindMember("sub");
  if (sub == claims.MemberEnd() || !sub->value.IsString()) return invalid("it has no sub");
  std::string user(sub->value.GetString(), sub->value.GetStringLength());
  if (user.empty() || user.size() > kSubjectBytesMax || !is_utf8(user) || has_control_character(user)) {
    return invalid("its sub is no user: 1 to 64 bytes of UTF-8 without control characters");
  }
  return UserId(std::move(user));
}

}  // namespace

absl::StatusOr<Verifier> Verifier::make(const Options& options) {
  Verifier verifier(options);
  for (const std::string& path : options.key_files) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read '", path, "'"));
    Key key{text.str(), JWT_ALG_HS256};
    if (absl::StrContains(key.bytes, "-----BEGIN ")) {
      const absl::StatusOr<int> algorithm = algorithm_of_pem(path, key.bytes);
      if (!algorithm.ok()) return algorithm.status();
      key.algorithm = *algorithm;
    } else {
      key.bytes = std::string(absl::StripSuffix(key.bytes, "\n"));
      if (key.bytes.size() < kSecretBytesMin) {
        return absl::InvalidArgumentError(absl::StrCat("'", path, "' is no PEM file, and too short for a secret: 32 bytes at least"));
      }
    }
    verifier.keys_.push_back(std::move(key));
  }
  return verifier;
}

// The claims of a token that one of the keys signed, as JSON.
absl::StatusOr<std::string> Verifier::verified_claims(const std::string& token) const {
  const Token unverified = decode(token, nullptr);
  if (unverified == nullptr) return invalid("it is no token that can be read");
  const char* named = jwt_get_header(unverified.get(), "alg");
  const std::string algorithm = named == nullptr ? "" : named;
  bool known_algorithm = false;
  for (const Key& key : keys_) {
    if (algorithm != jwt_alg_str(static_cast<jwt_alg_t>(key.algorithm))) continue;
    known_algorithm = true;
    const Token verified = decode(token, &key.bytes);
    if (verified == nullptr || jwt_get_alg(verified.get()) != key.algorithm) continue;
    const auto json = [&](char* text) {
      const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
      return owned == nullptr ? std::string() : std::string(owned.get());
    };
    // RFC 7515 section 4.1.11: what must be understood, and is not.
    if (!json(jwt_get_headers_json(verified.get(), "crit")).empty()) return invalid("it asks for more than is understood here");
    return json(jwt_get_grants_json(verified.get(), nullptr));
  }
  return known_algorithm ? invalid("no key that is known here has signed it")
                         : invalid("it is signed by an algorithm that is not taken here");
}

absl::StatusOr<UserId> Verifier::subject(std::string_view token, Instant now) const {
  // libjwt takes C strings: what stands behind a NUL would not be looked at.
  if (token.size() > kTokenBytesMax || token.find('\0') != token.npos) return invalid("it is no token that can be read");
  const absl::StatusOr<std::string> json = verified_claims(std::string(token));
  if (!json.ok()) return json.status();
  Claims claims;
  claims.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(json->c_str());
  if (claims.HasParseError() || !claims.IsObject()) return invalid("it holds no claims");
  if (absl::Status times = check_times(claims, options_.leeway, now); !times.ok()) return times;
  if (absl::Status parties = check_parties(claims, options_); !parties.ok()) return parties;
  return subject_of(claims);
}

}  // namespace quickbite::jwt
