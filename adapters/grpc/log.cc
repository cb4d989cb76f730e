#include "adapters/grpc/log.h"

#include <utility>

#include <grpc/support/log.h>

namespace quickbite::rpc {
namespace {

using Told = std::function<void(bool, std::string_view)>;

// gRPC's threads may outlive main: never destroyed.
Told& told_by_all() {
  static Told& told = *new Told;
  return told;
}

void pass_on(gpr_log_func_args* args) { told_by_all()(args->severity == GPR_LOG_SEVERITY_ERROR, args->message); }

}  // namespace

void log_to(Told told) {
  told_by_all() = std::move(told);
  gpr_set_log_function(&pass_on);
}

}  // namespace quickbite::rpc
