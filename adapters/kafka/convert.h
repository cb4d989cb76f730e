// The port's messages as librdkafka's, and back.
#pragma once

#include <librdkafka/rdkafka.h>

#include "adapters/kafka/handles.h"
#include "domain/port/broker.h"

namespace quickbite::kafka {

// The headers in their order; null where there are none.
ClientHeaders client_headers(const Headers& headers);

// A record of `topic`. A null value becomes empty bytes, a header without a value one with an empty value; a null key stays none.
Record record_of(Topic topic, const rd_kafka_message_t& message);

}  // namespace quickbite::kafka
