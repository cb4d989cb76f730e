#include "adapters/kafka/producer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/kafka/client_state.h"
#include "adapters/kafka/convert.h"
#include "adapters/kafka/handles.h"
#include "adapters/kafka/outcome.h"

namespace quickbite::kafka {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kReportSlack(
    1000);  // the library looks for timed-out messages once a second
constexpr milliseconds kPurgeTimeout(1000);
constexpr int kInFlightMax = 5;  // KIP-98: more, and retries could change the order

int ms_left(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

class Producer::Sender : private ClientState {
 public:
  explicit Sender(ProducerOptions options)
      : ClientState(options.connection), options_(std::move(options)) {}

  absl::Status start();
  Produced produce(const Produce& produce);
  ProducerHealth health() const;

 private:
  static void on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque);

  rd_kafka_resp_err_t enqueue(const Message& message, std::size_t index);
  void send(const Produce& produce, Clock::time_point deadline);
  void settle(std::size_t index, ProduceOutcome outcome);
  void give_up();
  void judge();

  const ProducerOptions options_;
  Client client_;                            // null: to be made with the next call
  std::array<ClientTopic, kTopics> topics_;  // of client_, and gone before it
  std::atomic<std::int64_t> made_{0};
  std::vector<ProduceOutcome> outcomes_;
  std::vector<bool> settled_;
  std::size_t open_ = 0;
};

absl::Status Producer::Sender::start() {
  const Settings defaults{
      {"linger.ms", "5"},  // a whole batch is queued within it; flush then sends without waiting
      {"message.max.bytes", "4000000"},  // the broker decides what is too large, not we
      {"retry.backoff.ms", "50"},
  };
  const Settings fixed{
      {"enable.idempotence", options_.policy.idempotent ? "true" : "false"},
      {"acks", options_.policy.acks_all ? "all" : "1"},
      {"max.in.flight", absl::StrCat(std::clamp(options_.policy.in_flight, 1, kInFlightMax))},
      {"message.timeout.ms", absl::StrCat(options_.message_timeout.us / 1000)},
  };
  absl::StatusOr<Conf> made = conf(defaults, fixed);
  if (!made.ok()) return made.status();
  rd_kafka_conf_set_dr_msg_cb(made->get(), on_report);
  absl::StatusOr<rd_kafka_t*> client = new_client(RD_KAFKA_PRODUCER, *std::move(made));
  if (!client.ok()) return client.status();
  client_.reset(*client);
  // Named before the first connection, they are asked for with it; a topic that comes up later
  // waits for up to a second.
  for (std::size_t i = 0; i < kTopics; ++i) {
    const std::string name(to_string(static_cast<Topic>(i)));
    topics_[i].reset(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr));
  }
  ++made_;
  return absl::OkStatus();
}

Produced Producer::Sender::produce(const Produce& produce) {
  outcomes_.assign(produce.messages.size(), MaybePersisted{});
  settled_.assign(produce.messages.size(), false);
  open_ = produce.messages.size();
  if (client_ == nullptr) {
    // It was made before with the same settings; that it cannot be made now is for the machine to
    // wait out.
    if (absl::Status started = start(); !started.ok()) {
      refused({started.message().data(), started.message().size()});
      return {std::move(outcomes_)};
    }
  }
  const Clock::time_point deadline =
      Clock::now() + std::chrono::microseconds(options_.message_timeout.us) + kReportSlack;
  send(produce, deadline);
  while (open_ > 0 && ms_left(deadline) > 0) rd_kafka_flush(client_.get(), ms_left(deadline));
  judge();
  if (open_ > 0 || rd_kafka_fatal_error(client_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    give_up();
  }
  return {std::move(outcomes_)};
}

void Producer::Sender::send(const Produce& produce, Clock::time_point deadline) {
  for (std::size_t i = 0; i < produce.messages.size(); ++i) {
    rd_kafka_resp_err_t error = enqueue(produce.messages[i], i);
    while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && ms_left(deadline) > 0) {
      rd_kafka_poll(client_.get(), 10);
      error = enqueue(produce.messages[i], i);
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) settle(i, outcome_of_refusal(error));
  }
}

rd_kafka_resp_err_t Producer::Sender::enqueue(const Message& message, std::size_t index) {
  const std::string_view value = message.value.view();
  // A null pointer would be a null value, which is not an empty one.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  ClientHeaders headers = client_headers(message.headers);
  std::array<rd_kafka_vu_t, 7> fields{};
  fields[0].vtype = RD_KAFKA_VTYPE_RKT;
  fields[0].u.rkt = topics_[static_cast<std::size_t>(message.topic)].get();
  fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  fields[1].u.i32 = message.partition.value;
  fields[2].vtype = RD_KAFKA_VTYPE_VALUE;
  fields[2].u.mem = {const_cast<char*>(bytes), value.size()};
  fields[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  fields[3].u.i = RD_KAFKA_MSG_F_COPY;
  fields[4].vtype = RD_KAFKA_VTYPE_OPAQUE;
  fields[4].u.ptr = reinterpret_cast<void*>(index);
  std::size_t count = 5;
  if (message.key) {
    fields[count].vtype = RD_KAFKA_VTYPE_KEY;
    fields[count++].u.mem = {const_cast<char*>(message.key->data()), message.key->size()};
  }
  if (headers) {
    fields[count].vtype = RD_KAFKA_VTYPE_HEADERS;
    fields[count++].u.headers = headers.get();
  }
  const ClientError error(rd_kafka_produceva(client_.get(), fields.data(), count));
  if (error) return rd_kafka_error_code(error.get());
  (void)headers.release();  // the library owns them now
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void Producer::Sender::on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto& sender = *static_cast<Sender*>(static_cast<ClientState*>(opaque));
  sender.settle(reinterpret_cast<std::size_t>(message->_private),
                outcome_of(message->err, rd_kafka_message_status(message), message->partition,
                           message->offset));
}

void Producer::Sender::settle(std::size_t index, ProduceOutcome outcome) {
  if (settled_[index]) return;
  settled_[index] = true;
  outcomes_[index] = std::move(outcome);
  --open_;
}

// What the outcomes say of the broker.
void Producer::Sender::judge() {
  const auto holds = [&](auto tag) {
    return std::any_of(outcomes_.begin(), outcomes_.end(), [](const ProduceOutcome& outcome) {
      return std::holds_alternative<decltype(tag)>(outcome);
    });
  };
  if (holds(Acked{})) {
    reached();
  } else if (holds(MaybePersisted{})) {
    unreachable({});
  }
}

// Discards the client and with it all that is under way, which stays open: no report of this batch
// comes during a later one.
void Producer::Sender::give_up() {
  char why[512] = "messages neither acknowledged nor timed out";
  (void)rd_kafka_fatal_error(client_.get(), why, sizeof(why));
  on_log(4, absl::StrCat("producer replaced: ", why));
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client_.get(), static_cast<int>(kPurgeTimeout.count()));
  topics_ = {};
  client_.reset();
}

ProducerHealth Producer::Sender::health() const {
  ProducerHealth health;
  static_cast<Health&>(health) = ClientState::health();
  health.made = made_;
  return health;
}

absl::StatusOr<std::unique_ptr<Producer>> Producer::make(ProducerOptions options) {
  auto sender = std::make_unique<Sender>(std::move(options));
  if (absl::Status started = sender->start(); !started.ok()) return started;
  return std::unique_ptr<Producer>(new Producer(std::move(sender)));
}

Producer::Producer(std::unique_ptr<Sender> sender) : sender_(std::move(sender)) {}
Producer::~Producer() = default;

Produced Producer::produce(const Produce& produce) {
  return sender_->produce(produce);
}

ProducerHealth Producer::health() const {
  return sender_->health();
}

}  // namespace quickbite::kafka
