#include "adapters/jwt/verifier.h"

#include <gtest/gtest.h>
#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace quickbite::jwt {
namespace {

constexpr Instant kNow{1'770'000'000'000'000};
constexpr long kSeconds = 1'770'000'000;

// --- Keys -----------------------------------------------------------------------------------------

struct KeyPair {
  std::string secret;  // PEM
  std::string open;    // PEM
};

KeyPair pair_of(EVP_PKEY* key) {
  const auto text = [](auto write) {
    BIO* bio = BIO_new(BIO_s_mem());
    EXPECT_EQ(write(bio), 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return out;
  };
  KeyPair pair{text([&](BIO* out) { return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); }),
               text([&](BIO* out) { return PEM_write_bio_PUBKEY(out, key); })};
  EVP_PKEY_free(key);
  return pair;
}

const KeyPair& rsa() {
  static const KeyPair pair = pair_of(EVP_RSA_gen(2048));
  return pair;
}
const KeyPair& other_rsa() {
  static const KeyPair pair = pair_of(EVP_RSA_gen(2048));
  return pair;
}
const KeyPair& ec() {
  static const KeyPair pair = pair_of(EVP_EC_gen("P-256"));
  return pair;
}
const std::string kSecret = "a secret of more than thirty-two bytes";

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "quickbite-jwt-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

// --- Tokens ---------------------------------------------------------------------------------------

std::string claims(long exp = kSeconds + 3600, const std::string& more = "") {
  return "{\"sub\":\"u1\",\"exp\":" + std::to_string(exp) + more + "}";
}

std::string signed_token(jwt_alg_t algorithm, const std::string& key, const std::string& json) {
  jwt_t* token = nullptr;
  EXPECT_EQ(jwt_new(&token), 0);
  EXPECT_EQ(jwt_add_grants_json(token, json.c_str()), 0) << json;
  EXPECT_EQ(jwt_set_alg(token, algorithm, reinterpret_cast<const unsigned char*>(key.data()), static_cast<int>(key.size())), 0);
  const std::unique_ptr<char, decltype(&std::free)> text(jwt_encode_str(token), &std::free);
  jwt_free(token);
  EXPECT_NE(text, nullptr);
  return text == nullptr ? "" : std::string(text.get());
}

std::string base64url(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 6; bits -= 6) out += kAlphabet[held >> (bits - 6) & 63];
  }
  if (bits > 0) out += kAlphabet[held << (6 - bits) & 63];
  return out;
}

// Put together by hand, as a forger would.
std::string forged(const std::string& head, const std::string& json, const std::string& hmac_key) {
  const std::string text = base64url(head) + "." + base64url(json);
  unsigned char mac[32];
  unsigned int size = 0;
  HMAC(EVP_sha256(), hmac_key.data(), static_cast<int>(hmac_key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac, &size);
  return text + "." + base64url({reinterpret_cast<const char*>(mac), size});
}

// --- Tests ----------------------------------------------------------------------------------------

class VerifierTest : public testing::Test {
 protected:
  Verifier verifier(Options options) {
    auto made = Verifier::make(options);
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }
  Verifier with_secret() { return verifier({.key_files = {folder_.file("secret", kSecret + "\n")}, .issuer = "", .audience = ""}); }
  Verifier with_rsa() { return verifier({.key_files = {folder_.file("rsa.pem", rsa().open)}, .issuer = "", .audience = ""}); }
  Verifier with_ec() { return verifier({.key_files = {folder_.file("ec.pem", ec().open)}, .issuer = "", .audience = ""}); }

  // "u1", or why not.
  static std::string verdict(const Verifier& verifier, const std::string& token) {
    const auto subject = verifier.subject(token, kNow);
    if (subject.ok()) return subject->value;
    EXPECT_EQ(subject.status().code(), absl::StatusCode::kUnauthenticated);
    return std::string(subject.status().message());
  }

  Folder folder_;
};

TEST_F(VerifierTest, TakesWhatItsKeyHasSigned) {
  EXPECT_EQ(verdict(with_secret(), signed_token(JWT_ALG_HS256, kSecret, claims())), "u1");
  EXPECT_EQ(verdict(with_rsa(), signed_token(JWT_ALG_RS256, rsa().secret, claims())), "u1");
  EXPECT_EQ(verdict(with_ec(), signed_token(JWT_ALG_ES256, ec().secret, claims())), "u1");
}

TEST_F(VerifierTest, RefusesWhatAnotherKeyHasSigned) {
  const std::string other = "no key that is known here has signed it";
  EXPECT_EQ(verdict(with_secret(), signed_token(JWT_ALG_HS256, kSecret + "!", claims())), other);
  EXPECT_EQ(verdict(with_rsa(), signed_token(JWT_ALG_RS256, other_rsa().secret, claims())), other);
  std::string changed = signed_token(JWT_ALG_RS256, rsa().secret, claims());
  changed[changed.find('.') + 12] ^= 1;
  EXPECT_NE(verdict(with_rsa(), changed), "u1");
}

TEST_F(VerifierTest, RefusesAnAlgorithmThatItsKeyIsNotFor) {
  const std::string wrong = "it is signed by an algorithm that is not taken here";
  EXPECT_EQ(verdict(with_secret(), signed_token(JWT_ALG_HS512, kSecret + kSecret, claims())), wrong);
  EXPECT_EQ(verdict(with_rsa(), signed_token(JWT_ALG_RS512, rsa().secret, claims())), wrong);
  EXPECT_EQ(verdict(with_ec(), signed_token(JWT_ALG_RS256, rsa().secret, claims())), wrong);
  // The public key, which everybody knows, as a secret: libjwt alone would take it.
  const std::string confused = forged(R"({"typ":"JWT","alg":"HS256"})", claims(), rsa().open);
  EXPECT_EQ(verdict(with_rsa(), confused), wrong);
  EXPECT_EQ(verdict(with_secret(), forged(R"({"typ":"JWT","alg":"HS256"})", claims(), kSecret)), "u1") << "the forger knows his trade";
}

TEST_F(VerifierTest, RefusesATokenThatNobodySigned) {
  for (const char* head : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"NONE","typ":"JWT"})", R"({"typ":"JWT"})", "{}"}) {
    for (const Verifier& each : {with_secret(), with_rsa(), with_ec()}) {
      const std::string text = base64url(head) + "." + base64url(claims()) + ".";
      EXPECT_NE(verdict(each, text), "u1") << head;
      EXPECT_NE(verdict(each, text.substr(0, text.size() - 1)), "u1") << head;
      EXPECT_NE(verdict(each, forged(head, claims(), kSecret)), "u1") << head;
    }
  }
}

TEST_F(VerifierTest, RefusesWhatIsNoToken) {
  for (const std::string& text : {std::string(), std::string("x"), std::string(".."), std::string("a.b.c"), std::string("\0", 1),
                                  std::string(9000, 'a'), base64url("[]") + "." + base64url("[]") + ".x",
                                  forged(R"({"alg":"HS256"})", "[1]", kSecret), forged(R"({"alg":"HS256"})", "", kSecret)}) {
    EXPECT_NE(verdict(with_secret(), text), "u1") << text;
  }
  const std::string good = signed_token(JWT_ALG_HS256, kSecret, claims());
  EXPECT_NE(verdict(with_secret(), good + std::string("\0x", 2)), "u1");
}

TEST_F(VerifierTest, ATokenCountsForItsTimeAndALittleLonger) {
  const Verifier verifier = with_secret();
  const auto token = [](const std::string& json) { return signed_token(JWT_ALG_HS256, kSecret, json); };
  EXPECT_EQ(verdict(verifier, token(claims(kSeconds - 59))), "u1");
  EXPECT_EQ(verdict(verifier, token(claims(kSeconds - 60))), "it has expired");
  EXPECT_EQ(verdict(verifier, token(R"({"sub":"u1"})")), "it has no exp");
  EXPECT_EQ(verdict(verifier, token(R"({"sub":"u1","exp":"tomorrow"})")), "its exp is no time");
  EXPECT_EQ(verdict(verifier, token(R"({"sub":"u1","exp":1770003600.5})")), "u1") << "RFC 7519 section 2: NumericDate may have a fraction";
  EXPECT_EQ(verdict(verifier, token(claims(kSeconds + 3600, ",\"nbf\":" + std::to_string(kSeconds + 60)))), "u1");
  EXPECT_EQ(verdict(verifier, token(claims(kSeconds + 3600, ",\"nbf\":" + std::to_string(kSeconds + 61)))), "it is not valid yet");
  EXPECT_EQ(verdict(verifier, token(claims(kSeconds + 3600, ",\"nbf\":true"))), "its nbf is no time");
}

TEST_F(VerifierTest, ATokenIsOfOneIssuerAndForOneAudience) {
  const Verifier strict = verifier({.key_files = {folder_.file("secret", kSecret)}, .issuer = "https://id", .audience = "quickbite"});
  const auto token = [](const std::string& more) { return signed_token(JWT_ALG_HS256, kSecret, claims(kSeconds + 60, more)); };
  const std::string iss = R"(,"iss":"https://id")";
  EXPECT_EQ(verdict(strict, token(iss + R"(,"aud":"quickbite")")), "u1");
  EXPECT_EQ(verdict(strict, token(iss + R"(,"aud":["other","quickbite"])")), "u1");
  EXPECT_EQ(verdict(strict, token(iss)), "it is for another audience");
  EXPECT_EQ(verdict(strict, token(iss + R"(,"aud":"quickbites")")), "it is for another audience");
  EXPECT_EQ(verdict(strict, token(iss + R"(,"aud":[])")), "it is for another audience");
  EXPECT_EQ(verdict(strict, token(R"(,"iss":"https://other","aud":"quickbite")")), "it is of another issuer");
  EXPECT_EQ(verdict(strict, token(R"(,"aud":"quickbite")")), "it is of another issuer");
  EXPECT_EQ(verdict(with_secret(), token(R"(,"aud":"somebody else")")), "it is for another audience") << "RFC 7519 section 4.1.3";
}

TEST_F(VerifierTest, ATokenNamesAUser) {
  const auto token = [](const std::string& sub) {
    return signed_token(JWT_ALG_HS256, kSecret, "{" + sub + "\"exp\":" + std::to_string(kSeconds + 60) + "}");
  };
  const Verifier verifier = with_secret();
  EXPECT_EQ(verdict(verifier, token("\"sub\":\"caf\xC3\xA9\",")), "caf\xC3\xA9");
  EXPECT_EQ(verdict(verifier, token("")), "it has no sub");
  EXPECT_EQ(verdict(verifier, token("\"sub\":7,")), "it has no sub");
  for (const std::string& sub : {std::string(), std::string("a\\nb"), std::string(65, 'u')}) {
    EXPECT_TRUE(verdict(verifier, token("\"sub\":\"" + sub + "\",")).starts_with("its sub is no user")) << sub;
  }
}

TEST_F(VerifierTest, WhatMustBeUnderstoodIsNot) {
  EXPECT_EQ(verdict(with_secret(), forged(R"({"alg":"HS256","crit":["b64"],"b64":false})", claims(), kSecret)),
            "it asks for more than is understood here");
}

TEST_F(VerifierTest, SeveralKeysTakeTurns) {
  const Verifier both = verifier({.key_files = {folder_.file("a", other_rsa().open), folder_.file("b", rsa().open), folder_.file("c", kSecret)},
                                  .issuer = "", .audience = ""});
  EXPECT_EQ(verdict(both, signed_token(JWT_ALG_RS256, rsa().secret, claims())), "u1");
  EXPECT_EQ(verdict(both, signed_token(JWT_ALG_RS256, other_rsa().secret, claims())), "u1");
  EXPECT_EQ(verdict(both, signed_token(JWT_ALG_HS256, kSecret, claims())), "u1");
  EXPECT_NE(verdict(both, forged(R"({"alg":"HS256"})", claims(), rsa().open)), "u1");
}

TEST_F(VerifierTest, AKeyThatIsNoneIsNamed) {
  const auto refused = [&](const std::string& bytes) {
    const auto made = Verifier::make({.key_files = {folder_.file("k", bytes)}, .issuer = "", .audience = ""});
    return made.ok() ? std::string("taken") : std::string(made.status().message());
  };
  EXPECT_NE(refused("short").find("too short for a secret"), std::string::npos);
  EXPECT_NE(refused(rsa().secret).find("holds no PEM public key"), std::string::npos) << "a private key has no business here";
  EXPECT_NE(refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n").find("holds no PEM public key"), std::string::npos);
  EXPECT_NE(refused(pair_of(EVP_RSA_gen(1024)).open).find("less than 2048 bits"), std::string::npos);
  EXPECT_NE(refused(pair_of(EVP_EC_gen("P-384")).open).find("nor one on the curve P-256"), std::string::npos);
  EXPECT_NE(Verifier::make({.key_files = {"/nowhere/key"}, .issuer = "", .audience = ""}).status().message().find("cannot read '/nowhere/key'"),
            absl::string_view::npos);
}

}  // namespace
}  // namespace quickbite::jwt
