// Certificates for tests: a CA made on the spot, and what it signs, as PEM files, which go with it.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "gtest/gtest.h"

namespace quickbite::rpc {

class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name) : folder_(::testing::TempDir() + "/quickbite-tls-XXXXXX") {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    certificate_.reset(make(name, key_.get(), "", nullptr, key_.get()));
    write("ca.pem", [&](std::FILE* file) { PEM_write_X509(file, certificate_.get()); });
  }

  ~TestAuthority() { std::filesystem::remove_all(folder_); }
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  std::string ca_file() const { return folder_ + "/ca.pem"; }

  struct Files {
    std::string certificate;
    std::string key;
  };
  // `names`: as "IP:127.0.0.1,DNS:localhost".
  Files sign(const std::string& subject, const std::string& names) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(make(subject, key.get(), names, certificate_.get(), key_.get()));
    write(subject + ".pem", [&](std::FILE* file) { PEM_write_X509(file, certificate.get()); });
    write(subject + ".key", [&](std::FILE* file) {
      PEM_write_PKCS8PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return {folder_ + "/" + subject + ".pem", folder_ + "/" + subject + ".key"};
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;

  static X509* make(const std::string& subject, EVP_PKEY* key, const std::string& names, X509* issuer, EVP_PKEY* issuer_key) {
    static long serial = 0;
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key);
    const auto* text = reinterpret_cast<const unsigned char*>(subject.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(issuer != nullptr ? issuer : made));
    if (issuer == nullptr) {
      extend(made, NID_basic_constraints, "critical,CA:TRUE");
    } else {
      extend(made, NID_subject_alt_name, names);
    }
    EXPECT_NE(X509_sign(made, issuer_key, EVP_sha256()), 0);
    return made;
  }

  static void extend(X509* certificate, int what, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    EXPECT_NE(extension, nullptr) << value;
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  template <class Write>
  void write(const std::string& name, Write put) const {
    std::FILE* file = std::fopen((folder_ + "/" + name).c_str(), "w");
    ASSERT_NE(file, nullptr);
    put(file);
    std::fclose(file);
  }

  std::string folder_;
  Key key_{EVP_EC_gen("P-256")};
  Certificate certificate_;
};

}  // namespace quickbite::rpc
