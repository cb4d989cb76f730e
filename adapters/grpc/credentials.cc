#include "adapters/grpc/credentials.h"

#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace quickbite::rpc {
namespace {

// gRPC itself takes what is no PEM, and then refuses every handshake.
absl::StatusOr<std::string> read_pem(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read '", path, "'"));
  if (text.str().find("-----BEGIN ") == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("'", path, "' is no PEM file"));
  }
  return std::move(text).str();
}

struct KeyPair {
  std::string certificate;
  std::string key;
};

absl::StatusOr<KeyPair> read_pair(const std::string& certificate_file, const std::string& key_file) {
  if (certificate_file.empty() != key_file.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("a certificate and its key are of use only together: '",
                                                   certificate_file.empty() ? key_file : certificate_file,
                                                   "' stands alone"));
  }
  auto certificate = read_pem(certificate_file);
  if (!certificate.ok()) return certificate.status();
  auto key = read_pem(key_file);
  if (!key.ok()) return key.status();
  return KeyPair{*std::move(certificate), *std::move(key)};
}

}  // namespace

absl::StatusOr<std::shared_ptr<::grpc::ServerCredentials>> credentials_of(const ServerTls& tls) {
  if (!tls.any()) return ::grpc::InsecureServerCredentials();
  auto pair = read_pair(tls.certificate_file, tls.key_file);
  if (!pair.ok()) return pair.status();
  if (pair->key.empty()) return absl::InvalidArgumentError("TLS needs the server's certificate and key");
  auto client_ca = read_pem(tls.client_ca_file);
  if (!client_ca.ok()) return client_ca.status();
  ::grpc::SslServerCredentialsOptions options(client_ca->empty()
                                                  ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                  : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = *std::move(client_ca);
  options.pem_key_cert_pairs.push_back({std::move(pair->key), std::move(pair->certificate)});
  return ::grpc::SslServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<::grpc::ChannelCredentials>> credentials_of(const ClientTls& tls) {
  if (!tls.any()) return ::grpc::InsecureChannelCredentials();
  if (tls.ca_file.empty()) return absl::InvalidArgumentError("TLS needs the CA that the server's certificate is of");
  auto ca = read_pem(tls.ca_file);
  if (!ca.ok()) return ca.status();
  auto pair = read_pair(tls.certificate_file, tls.key_file);
  if (!pair.ok()) return pair.status();
  return ::grpc::SslCredentials({*std::move(ca), std::move(pair->key), std::move(pair->certificate)});
}

}  // namespace quickbite::rpc
