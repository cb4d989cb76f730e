// What librdkafka says of a record that it was given to produce, as the port's outcome.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>

#include "domain/port/broker.h"

namespace quickbite::kafka {

// Of a delivery report. Acked only with an offset: a duplicate that the broker had already, and
// whose place it no longer knows, is MaybePersisted and sent again. Undeliverable only where the
// broker, or the client itself, refuses this very record for good, and it certainly is not in the
// log.
ProduceOutcome outcome_of(rd_kafka_resp_err_t error, rd_kafka_msg_status_t status,
                          std::int32_t partition, std::int64_t offset);

// Of an error with which the client did not even take the record.
ProduceOutcome outcome_of_refusal(rd_kafka_resp_err_t error);

}  // namespace quickbite::kafka
