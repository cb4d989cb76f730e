#include "adapters/kafka/convert.h"

#include <string>

namespace quickbite::kafka {
namespace {

std::string text_of(const void* bytes, std::size_t size) {
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

Headers headers_of(const rd_kafka_message_t& message) {
  Headers headers;
  rd_kafka_headers_t* list = nullptr;
  if (rd_kafka_message_headers(&message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return headers;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(list, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    headers.push_back({name, text_of(value, size)});
  }
  return headers;
}

}  // namespace

ClientHeaders client_headers(const Headers& headers) {
  if (headers.empty()) return nullptr;
  ClientHeaders list(rd_kafka_headers_new(headers.size()));
  for (const Header& header : headers) {
    rd_kafka_header_add(list.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
                        header.value.data(), static_cast<ssize_t>(header.value.size()));
  }
  return list;
}

Record record_of(Topic topic, const rd_kafka_message_t& message) {
  Record record;
  record.message.topic = topic;
  record.message.partition = Partition{message.partition};
  if (message.key != nullptr) record.message.key = text_of(message.key, message.key_len);
  record.message.value = Bytes(text_of(message.payload, message.len));
  record.message.headers = headers_of(message);
  record.offset = Offset{message.offset};
  return record;
}

}  // namespace quickbite::kafka
