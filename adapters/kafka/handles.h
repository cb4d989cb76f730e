// Owners of librdkafka's C objects: each is destroyed where its owner ends.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace quickbite::kafka {

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    destroy(object);
  }
};

template <class T, auto destroy>
using Owned = std::unique_ptr<T, Destroy<destroy>>;

using Conf = Owned<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using ClientMessage = Owned<rd_kafka_message_t, rd_kafka_message_destroy>;
using ClientHeaders = Owned<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using ClientError = Owned<rd_kafka_error_t, rd_kafka_error_destroy>;
using PartitionList = Owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using Queue = Owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using ClientEvent = Owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using ClientTopic = Owned<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using Metadata = Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;
using Client = Owned<rd_kafka_t, rd_kafka_destroy>;  // not for a consumer, whose end is longer

}  // namespace quickbite::kafka
