#include "sim/world/codec.h"

#include <string_view>
#include <utility>

#include "domain/base/hash.h"

namespace quickbite::sim {
namespace {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string order_body(const PlaceAct& act) {
  std::string body = "{\"userId\":" + json_string(act.client) + ",";
  const auto line = [](const Line& one) {
    return "\"sku\":" + json_string(one.sku.value) + ",\"quantity\":" + std::to_string(one.quantity.value);
  };
  if (act.lines.size() == 1) return body + line(act.lines.front()) + "}";
  body += "\"items\":[";
  for (std::size_t i = 0; i < act.lines.size(); ++i) body += (i == 0 ? "{" : ",{") + line(act.lines[i]) + "}";
  return body + "]}";
}

// What the server gives a POST without a key.
OrderId fresh_id(const PlaceAct& act) { return OrderId{uuid_v5(Uuid{0, 0xF4E5}, act.client + "/" + act.label)}; }

Asked post_of(const PlaceAct& act) {
  Asked asked;
  asked.request = {"POST", "/v1/orders", "", {{"content-type", "application/json"}}, order_body(act)};
  if (act.key) asked.request.headers.push_back({"idempotency-key", *act.key});
  if (const auto trace = trace_of(act)) asked.request.headers.push_back({std::string(kTraceHeader), to_traceparent(*trace)});
  asked.order = order_of(act);
  asked.routed = api::route(asked.request, fresh_id(act));
  return asked;
}

std::uint64_t hash_of(const PlaceAct& act) {
  Hash64 hash;
  hash.add(act.client);
  hash.add(act.label);
  if (act.key) hash.add(*act.key);
  for (const Line& line : act.lines) {
    hash.add(line.sku.value);
    hash.add(static_cast<std::uint64_t>(line.quantity.value));
  }
  return hash.digest();
}

}  // namespace

std::optional<Trace> trace_of(const PlaceAct& act) {
  const std::uint64_t hash = hash_of(act);
  if (hash % kTracedOneIn != 0) return std::nullopt;
  return Trace{uuid_v5(Uuid{0, 0x7ACE}, act.client + "/" + act.label), hash | 1, 1};
}

OrderId order_of(const PlaceAct& act) {
  return act.key ? api::keyed_order_id(UserId{act.client}, *act.key) : fresh_id(act);
}

std::shared_ptr<const Decoded> MemoDecoder::decode(const Message& message) {
  return decoded_.find(
      message.value.hash(),  //
      [&](const Read& known) { return known.value == message.value && known.key == message.key; },
      [&] { return std::pair(Read{message.value, message.key}, decode_record(message)); });
}

std::shared_ptr<const Asked> MemoDecoder::place(const PlaceAct& act) {
  return placed_.find(
      hash_of(act),  //
      [&](const PlaceAct& known) { return known == act; }, [&] { return std::pair(act, post_of(act)); });
}

std::shared_ptr<const Decoded> PlainDecoder::decode(const Message& message) {
  return std::make_shared<const Decoded>(decode_record(message));
}

std::shared_ptr<const Asked> PlainDecoder::place(const PlaceAct& act) {
  return std::make_shared<const Asked>(post_of(act));
}

}  // namespace quickbite::sim
