// TLS settings as gRPC's credentials. Private to adapters/grpc.
#pragma once

#include <memory>

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include "absl/status/statusor.h"
#include "adapters/grpc/tls.h"

namespace quickbite::rpc {

// InvalidArgument names the file that cannot be read or holds no PEM, or the one that is missing.
absl::StatusOr<std::shared_ptr<::grpc::ServerCredentials>> credentials_of(const ServerTls& tls);
absl::StatusOr<std::shared_ptr<::grpc::ChannelCredentials>> credentials_of(const ClientTls& tls);

}  // namespace quickbite::rpc
