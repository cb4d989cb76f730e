// ClientState: what the callbacks of one librdkafka client tell us, kept for other threads to ask.
//
// A client is made with a ClientState as its opaque; it must outlive the client. Its callbacks come
// from any thread of the library, so every member function may be called by any thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "adapters/kafka/connection.h"
#include "adapters/kafka/handles.h"
#include "adapters/kafka/health.h"

namespace quickbite::kafka {

class ClientState {
 public:
  explicit ClientState(ConnectionOptions options) : options_(std::move(options)) {}
  ClientState(const ClientState&) = delete;
  ClientState& operator=(const ClientState&) = delete;

  // A configuration of `defaults`, then the operator's settings, then `fixed`, each winning over
  // what stands before it; with log and error callbacks that lead here. InvalidArgument names the
  // property that librdkafka does not know or take, and its value unless that is a secret.
  absl::StatusOr<Conf> conf(const Settings& defaults, const Settings& fixed);

  // A broker answered.
  void reached();
  // A broker answered with something that a person has to mend.
  void refused(std::string_view why);
  // No broker answers; keeps what is known of the reason where `why` is empty.
  void unreachable(std::string_view why);

  // An error of the client that belongs to no record and no call.
  void on_error(rd_kafka_resp_err_t error, std::string_view why);
  void on_log(int level, std::string_view text) const;

  Health health() const;
  bool is(Condition condition) const;

 private:
  void become(Condition condition, std::string_view why);

  const ConnectionOptions options_;
  mutable absl::Mutex mutex_;
  Health health_ ABSL_GUARDED_BY(mutex_);
  std::string disconnect_ ABSL_GUARDED_BY(mutex_);  // why the last connection broke
};

// The client, which takes the configuration over. InvalidArgument: librdkafka cannot make it, for
// example because a certificate is not there.
absl::StatusOr<rd_kafka_t*> new_client(rd_kafka_type_t type, Conf conf);

}  // namespace quickbite::kafka
