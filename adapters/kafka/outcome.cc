#include "adapters/kafka/outcome.h"

namespace quickbite::kafka {
namespace {

bool for_good(rd_kafka_resp_err_t error) {
  switch (static_cast<int>(error)) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return true;
    default:
      return false;
  }
}

}  // namespace

ProduceOutcome outcome_of(rd_kafka_resp_err_t error, rd_kafka_msg_status_t status,
                          std::int32_t partition, std::int64_t offset) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (offset < 0) return MaybePersisted{};
    return Acked{Partition{partition}, Offset{offset}};
  }
  if (status != RD_KAFKA_MSG_STATUS_NOT_PERSISTED) return MaybePersisted{};
  return outcome_of_refusal(error);
}

ProduceOutcome outcome_of_refusal(rd_kafka_resp_err_t error) {
  if (for_good(error)) return Undeliverable{rd_kafka_err2str(error)};
  return MaybePersisted{};
}

}  // namespace quickbite::kafka
